import * as z from 'zod';
import type { ConsoleOptions, ConsolePorts } from '../ports.ts';
import { readQuery } from '../read-query.ts';
import { appView, type MeView } from '../views.ts';
import { type Routes, routes } from './context.ts';

const Nothing = z.strictObject({});

/** Who is signed in, and which apps there are. */
export function accountRoutes({ apps }: Pick<ConsolePorts, 'apps'>, { environment }: ConsoleOptions): Routes {
  return routes()
    .get('/me', (c) => {
      readQuery(c.req.url, Nothing);
      const { subject, role, expiresAt } = c.get('person');
      const me: MeView = {
        subject,
        role,
        environment,
        ...(expiresAt !== undefined && { expires_at: expiresAt }),
      };
      return c.json(me);
    })
    .get('/apps', async (c) => {
      readQuery(c.req.url, Nothing);
      return c.json({ apps: (await apps()).map(appView) });
    });
}
