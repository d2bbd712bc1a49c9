import type { App, CallContext } from '#core/app.ts';
import { scopedRoute } from '#core/auth/scoped-routes.ts';
import { GatewayError } from '#core/errors.ts';
import { createEmitter } from '#core/ledger/chain.ts';
import { memoryRateStore } from '#core/limits/rate-store.ts';
import { releasedText } from '#core/review/case.ts';
import { authenticate } from './authenticate.ts';
import { difyModeration } from './dify/moderation-route.ts';
import { MODEL_ROUTES } from './model-routes/catalogue.ts';
import type { Caller, GatewayDeployment, GatewayOptions, GatewayPorts } from './ports.ts';
import { createRateGate } from './rate-gate.ts';
import { createRecord } from './record.ts';
import { createBreakers } from './remote/breaker.ts';
import { asGatewayError, errorResponse, jsonResponse, standardHeaders } from './respond.ts';
import { createRouter, type Matched, type Route, type RouteCall } from './routes.ts';
import { createHealth } from './routing/health.ts';
import { allowedModels, modelNotAllowed } from './routing/models.ts';
import { exchangeRoute } from './serve-exchange.ts';
import { usageRoute } from './usage-route.ts';

/** The OpenAI-compatible gateway. One call in, one answer out, one event recorded; see docs/architecture.md. */
export function createGateway(ports: GatewayPorts, options: GatewayOptions): App {
  const emitter = createEmitter(options.emitterId);
  const record = createRecord(ports, emitter);
  const breakers = createBreakers(() => ports.clock.now());
  const health = createHealth(ports.clock, ports.log, ports.metrics);
  const deployment = () =>
    typeof options.deployment === 'function' ? options.deployment() : options.deployment;
  const rates = createRateGate(ports.rates ?? memoryRateStore(), () => ports.clock.now());
  const kit = { rates, ports, options, record, emitter, health, deployment, breakers };
  const match = createRouter([
    ...MODEL_ROUTES.map((route) => exchangeRoute(route, kit)),
    difyModeration(kit),
    models(deployment),
    model(deployment),
    status(deployment),
    usageRoute(ports),
    ...(ports.reviews ? [review(ports)] : []),
  ]);

  return async (request, context) => {
    const requestId = ports.ids.next();
    try {
      const { pathname } = new URL(request.url);
      const matched = match(request.method, pathname);
      const caller = await callerOf(matched, request, deployment(), ports, options);
      return await matched.route.handle(routeCall(request, requestId, context, caller, matched));
    } catch (thrown) {
      const error = asGatewayError(thrown, requestId);
      const cause = error.code === 'internal_error' ? { cause: String(error.cause) } : {};
      ports.log.info('refused', { request_id: requestId, error: error.code, ...cause });
      return errorResponse(error, { requestId });
    }
  };
}

async function callerOf(
  matched: Matched,
  request: Request,
  deployment: GatewayDeployment,
  ports: GatewayPorts,
  options: GatewayOptions,
): Promise<Caller | undefined> {
  if (matched.route.key === 'none') return undefined;
  const caller = await authenticate(request, deployment, ports, options);
  if (matched.appSlug !== undefined && matched.appSlug !== caller.app.id) {
    throw new GatewayError('scope_denied', 'This API key does not belong to the app named in the path.');
  }
  const { path, governance } = matched.route;
  const limited = governance !== 'no-model-call' && caller.routes;
  if (limited && !limited.some((route) => scopedRoute(route) === path)) {
    throw new GatewayError('scope_denied', 'This API key is not allowed to use this route.');
  }
  return caller;
}

function routeCall(
  request: Request,
  requestId: string,
  context: CallContext,
  caller: Caller | undefined,
  matched: Matched,
): RouteCall {
  const path = new URL(request.url).pathname;
  return { request, requestId, deadline: context.deadline, caller, path, route: matched.route.path };
}

function models(deployment: () => GatewayDeployment): Route {
  return {
    method: 'GET',
    path: '/models',
    governance: 'no-model-call',
    key: 'required',
    async handle({ caller, requestId }) {
      const names = caller ? allowedModels(deployment(), caller) : [];
      return jsonResponse(200, { object: 'list', data: names.map(describe) }, standardHeaders({ requestId }));
    },
  };
}

function model(deployment: () => GatewayDeployment): Route {
  return {
    method: 'GET',
    path: '/models/{id}',
    governance: 'no-model-call',
    key: 'required',
    async handle({ caller, requestId, path }) {
      const id = lastSegment(path);
      const names = caller ? allowedModels(deployment(), caller) : [];
      if (!names.includes(id)) throw modelNotAllowed(names);
      return jsonResponse(200, describe(id), standardHeaders({ requestId }));
    },
  };
}

function describe(id: string) {
  return { id, object: 'model', created: 0, owned_by: 'keeptrusts' };
}

/** A name in a path, decoded; empty when it is not well encoded. */
function lastSegment(path: string): string {
  try {
    return decodeURIComponent(path.split('/').filter(Boolean).at(-1) ?? '');
  } catch {
    return '';
  }
}

function status(deployment: () => GatewayDeployment): Route {
  return {
    method: 'GET',
    path: '/keeptrusts/health',
    governance: 'no-model-call',
    key: 'none',
    async handle({ requestId }) {
      const { pack, version, environment } = deployment();
      const body = {
        status: 'ok',
        version,
        environment,
        pack: { name: pack.name, version: pack.version, hash: pack.hash },
        chain: pack.chain.map(({ kind, mode }) => ({ kind, mode })),
      };
      return jsonResponse(200, body, standardHeaders({ requestId }));
    },
  };
}

/** An app's own case: its state and, once a held answer is released, its text. */
function review(ports: GatewayPorts): Route {
  return {
    method: 'GET',
    path: '/keeptrusts/reviews/{id}',
    governance: 'no-model-call',
    key: 'required',
    async handle({ caller, requestId, path }) {
      const id = lastSegment(path);
      const found = /^[0-9A-Z]{26}$/.test(id) ? await ports.reviews?.get(id) : undefined;
      if (!found || found.appId !== caller?.app.id) {
        throw new GatewayError('not_found', 'There is no held answer with this id for your app.');
      }
      const text = releasedText(found);
      const body = {
        id: found.id,
        state: found.state,
        phase: found.phase ?? 'output',
        due_at: found.dueAt,
        ...(text === undefined ? {} : { text }),
      };
      return jsonResponse(200, body, standardHeaders({ requestId }));
    },
  };
}
