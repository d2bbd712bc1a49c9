import { Hono } from 'hono/tiny';
import type { App } from '#core/app.ts';
import { failureResponse } from './failure-response.ts';
import { missing } from './missing.ts';
import type { ConsoleOptions, ConsolePorts } from './ports.ts';
import { accountRoutes } from './routes/account-routes.ts';
import { appRoutes } from './routes/app-routes.ts';
import { budgetRoutes } from './routes/budget-routes.ts';
import type { SignedIn } from './routes/context.ts';
import { eventRoutes } from './routes/event-routes.ts';
import { exportRoutes } from './routes/export-routes.ts';
import { keyRoutes } from './routes/key-routes.ts';
import { overviewRoutes } from './routes/overview-routes.ts';
import { pageRoutes } from './routes/page-routes.ts';
import { policyRoutes } from './routes/policy-routes.ts';
import { reportRoutes } from './routes/report-routes.ts';
import { reviewRoutes } from './routes/review-routes.ts';
import { spendRoutes } from './routes/spend-routes.ts';
import { requireSameOrigin } from './same-origin.ts';
import { withSecurityHeaders } from './security-headers.ts';
import { signIn } from './sign-in.ts';
import type { ConfigView } from './views.ts';

/** The console: a JSON API under `/api` for signed-in people, and the page at `/`. */
export function createConsole(ports: ConsolePorts, options: ConsoleOptions): App {
  const site = createSite(ports, options);
  return async (request) => withSecurityHeaders(await site.fetch(request), await issuersOf(request, ports));
}

/** The routes, without the headers that guard every answer. */
export function createSite(ports: ConsolePorts, options: ConsoleOptions): Hono<SignedIn> {
  const site = new Hono<SignedIn>();
  site.get('/api/health', (c) => c.json(health(ports, options)));
  site.get('/api/config', async (c) => c.json(await configOf(ports)));
  site.use('/api/*', async (c, next) => {
    requireSameOrigin(c.req.raw);
    c.set('person', await signIn(c.req.header('authorization') ?? null, ports));
    await next();
  });
  site.route('/v1', reportRoutes(ports, options));
  const parts = [
    accountRoutes(ports, options),
    appRoutes(ports, options),
    budgetRoutes(ports),
    eventRoutes(ports),
    exportRoutes(ports),
    keyRoutes(ports, options),
    overviewRoutes(ports),
    policyRoutes(ports, options),
    reviewRoutes(ports),
    spendRoutes(ports, options),
  ];
  for (const part of parts) site.route('/api', part);
  if (options.page) site.route('/', pageRoutes(options.page));

  site.notFound((c) => failureResponse(missing(site.routes, c.req.path, c.req.method), ports.log));
  site.onError((error) => failureResponse(error, ports.log));
  return site;
}

async function configOf({ identity }: ConsolePorts): Promise<ConfigView> {
  return identity ? await identity.config() : { identity: 'tokens' };
}

/** The page gets its tokens there; an issuer that cannot be reached gives none. Only the page itself needs to be told. */
async function issuersOf({ url }: Request, { identity }: ConsolePorts): Promise<string[]> {
  if (new URL(url).pathname !== '/') return [];
  const config = await identity?.config().catch(() => undefined);
  return config ? [new URL(config.token_endpoint).origin] : [];
}

function health({ clock }: ConsolePorts, { environment, version }: ConsoleOptions) {
  return { status: 'ok', environment, version, as_of: new Date(clock.now()).toISOString() };
}
