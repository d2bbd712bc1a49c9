import * as z from 'zod';
import type { ConsoleOptions } from '../ports.ts';
import { readQuery } from '../read-query.ts';
import type { MeView } from '../views.ts';
import { type Routes, routes } from './context.ts';

const Nothing = z.strictObject({});

/** Who is signed in. */
export function accountRoutes({ environment }: ConsoleOptions): Routes {
  return routes().get('/me', (c) => {
    readQuery(c.req.url, Nothing);
    const { subject, role, expiresAt } = c.get('person');
    const me: MeView = {
      subject,
      role,
      environment,
      ...(expiresAt !== undefined && { expires_at: expiresAt }),
    };
    return c.json(me);
  });
}
