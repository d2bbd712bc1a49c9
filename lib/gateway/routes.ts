import { GatewayError } from '#core/errors.ts';
import type { Governance } from '#core/openai/governance.ts';
import type { Caller } from './ports.ts';

/** What one call carries to its route. */
export interface RouteCall {
  readonly request: Request;
  readonly requestId: string;
  readonly deadline: number;
  /** Present when the route asks for a key. */
  readonly caller: Caller | undefined;
  /** As it came, and as it is registered. */
  readonly path: string;
  readonly route: string;
}

export interface Route {
  readonly method: 'GET' | 'POST';
  /** Without `/v1`; `{id}` stands for one segment. */
  readonly path: string;
  /** A route cannot be registered without it. */
  readonly governance: Governance | 'no-model-call';
  readonly key: 'required' | 'none';
  handle(call: RouteCall): Promise<Response>;
}

export interface Matched {
  readonly route: Route;
  /** From `/a/<app>/…`. */
  readonly appSlug: string | undefined;
}

/** Default deny: only what is registered is answered. Throws GatewayError `not_found` or `method_not_allowed`. */
export function createRouter(routes: readonly Route[]): (method: string, pathname: string) => Matched {
  for (const { path, governance } of routes) {
    const declared = governance === 'no-model-call' || (governance?.request && governance.answer);
    if (!declared) throw new Error(`route ${path} does not declare its governance`);
  }
  return (method, pathname) => {
    const { path, appSlug } = normalise(pathname);
    const candidates = routes.filter((route) => matches(route.path, path));
    const route = candidates.find((candidate) => candidate.method === method);
    if (route) return { route, appSlug };
    if (candidates.length > 0) {
      const allowed = candidates.map((candidate) => candidate.method).join(', ');
      throw new GatewayError('method_not_allowed', `This path takes ${allowed}, not ${method.slice(0, 16)}.`);
    }
    throw notFound(path, routes);
  };
}

/** `/v1/chat/completions/`, `/a/hr-bot/v1/chat/completions` and `/chat/completions` are the same route. */
function normalise(pathname: string): { path: string; appSlug: string | undefined } {
  let segments = pathname.split('/').filter((segment) => segment !== '');
  let appSlug: string | undefined;
  if (segments[0] === 'a' && segments.length > 2) {
    appSlug = segments[1];
    segments = segments.slice(2);
  }
  if (segments[0] === 'v1') segments = segments.slice(1);
  return { path: `/${segments.join('/')}`, appSlug };
}

function matches(pattern: string, path: string): boolean {
  const wanted = pattern.split('/');
  const given = path.split('/');
  return (
    wanted.length === given.length &&
    wanted.every((step, i) => step === given[i] || (step === '{id}' && given[i] !== ''))
  );
}

function notFound(path: string, routes: readonly Route[]): GatewayError {
  const posted = routes.filter(({ method, path }) => method === 'POST' && !path.startsWith('/keeptrusts/'));
  const calls = posted.map((route) => route.path);
  const early = calls.find((known) => path.startsWith(`${known}/`));
  if (early !== undefined) {
    return new GatewayError(
      'not_found',
      `The path goes on after ${early}. The base URL (Dify: "API Endpoint URL") must end before it, for example …/v1.`,
    );
  }
  return new GatewayError(
    'not_found',
    `There is no such path here. Use GET /v1/models, GET /keeptrusts/health or POST ${calls.map((known) => `/v1${known}`).join(', ')}.`,
  );
}
