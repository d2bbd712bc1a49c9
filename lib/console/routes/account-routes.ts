import * as z from 'zod';
import { appsWith, strongestRole } from '../person.ts';
import type { ConsoleOptions, ConsolePorts } from '../ports.ts';
import { readQuery } from '../read-query.ts';
import type { MeView } from '../views.ts';
import { type Routes, routes } from './context.ts';

const Nothing = z.strictObject({});

/** Who is signed in, where apps call, and what the API can do. */
export function accountRoutes(
  { document }: Pick<ConsolePorts, 'document'>,
  { environment, version, gatewayUrls = {} }: ConsoleOptions,
): Routes {
  const { '*': gateway, ...dedicated } = withoutSlash(gatewayUrls);
  return routes()
    .get('/openapi.json', async (c) => {
      readQuery(c.req.url, Nothing);
      return c.json(await document(version));
    })
    .get('/me', (c) => {
      readQuery(c.req.url, Nothing);
      const person = c.get('person');
      const { subject, roles, expiresAt } = person;
      const visible = appsWith(person, 'viewer');
      const own = Object.entries(dedicated).filter(([app]) => !visible || visible.includes(app));
      const me: MeView = {
        subject,
        role: strongestRole(person),
        roles: Object.fromEntries(roles),
        environment,
        ...(expiresAt !== undefined && { expires_at: expiresAt }),
        ...(gateway !== undefined && { gateway_url: gateway }),
        ...(own.length > 0 && { dedicated_gateways: Object.fromEntries(own) }),
      };
      return c.json(me);
    });
}

function withoutSlash(urls: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(urls).map(([app, url]) => [app, url.replace(/\/$/, '')]));
}
