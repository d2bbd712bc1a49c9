import * as z from 'zod';
import type { ConsoleOptions } from '../ports.ts';
import { readQuery } from '../read-query.ts';
import type { MeView } from '../views.ts';
import { type Routes, routes } from './context.ts';

const Nothing = z.strictObject({});

/** Who is signed in, and where apps call. */
export function accountRoutes({ environment, gatewayUrls = {} }: ConsoleOptions): Routes {
  const { '*': gateway, ...dedicated } = withoutSlash(gatewayUrls);
  return routes().get('/me', (c) => {
    readQuery(c.req.url, Nothing);
    const { subject, role, expiresAt } = c.get('person');
    const me: MeView = {
      subject,
      role,
      environment,
      ...(expiresAt !== undefined && { expires_at: expiresAt }),
      ...(gateway !== undefined && { gateway_url: gateway }),
      ...(Object.keys(dedicated).length > 0 && { dedicated_gateways: dedicated }),
    };
    return c.json(me);
  });
}

function withoutSlash(urls: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(urls).map(([app, url]) => [app, url.replace(/\/$/, '')]));
}
