import { GatewayError } from '#core/errors.ts';
import { readTrace } from '#core/trace/trace.ts';
import { afterReview } from './after-review.ts';
import { answerOf, refuse, settled } from './answers.ts';
import { type Ending, type Exchange, startExchange } from './exchange.ts';
import type { Judged } from './hold-request.ts';
import { judgeAgain, judgeRequest } from './judge-request.ts';
import type { ExchangeKit } from './kit.ts';
import type { ModelRoute } from './model-route.ts';
import { reachProvider } from './reach-provider.ts';
import { Refused } from './refusal.ts';
import type { RelayedRoute } from './relay.ts';
import { asGatewayError, errorBody, failureHeaders, statusOf } from './respond.ts';
import type { Route, RouteCall } from './routes.ts';

/** The door's route of a model call. */
export function exchangeRoute(modelRoute: RelayedRoute, kit: ExchangeKit): Route {
  const { path, governance } = modelRoute;
  return { method: 'POST', path, governance, key: 'required', handle: serveExchange(modelRoute, kit) };
}

/** One governed model call: read, input chain, intent, provider, output guard, event. */
function serveExchange(modelRoute: RelayedRoute, kit: ExchangeKit): (call: RouteCall) => Promise<Response> {
  return async (call) => {
    const exchange = await openExchange(call, modelRoute, kit);
    try {
      const judged = await judgeRequest(exchange, call, kit);
      if (judged instanceof Response) return judged;
      const go = async (ready: Judged) =>
        modelRoute.relay(await reachProvider(await judgeAgain(ready), call, kit));
      return await (judged.review ? afterReview(judged, judged.review, go) : go(judged));
    } catch (error) {
      if (error instanceof Refused) return refuse(exchange, error.notice, kit);
      return failed(exchange, error, call, kit);
    }
  };
}

export async function openExchange(
  call: RouteCall,
  modelRoute: ModelRoute,
  kit: ExchangeKit,
): Promise<Exchange> {
  const { caller, requestId, route } = call;
  if (!caller) throw new Error('a model call without caller');
  const tenantKey = await kit.options.tenantKey().catch((cause: unknown) => {
    throw new GatewayError(
      'credentials_unavailable',
      'The gateway cannot read its own key. An operator must look.',
      {
        cause,
      },
    );
  });
  const startedAt = kit.ports.clock.now();
  const deployment = kit.deployment();
  const trace = readTrace(call.request.headers.get('traceparent'), requestId);
  return startExchange({ requestId, startedAt, route, modelRoute, deployment, caller, tenantKey, trace });
}

/** The exchange ended before the first byte. */
function failed(exchange: Exchange, thrown: unknown, call: RouteCall, kit: ExchangeKit): Response {
  const error = asGatewayError(thrown, exchange.requestId);
  const reached = exchange.attempts.length > 0;
  const gone = call.request.signal.aborted;
  const refused = !reached && statusOf(error) < 500;
  const ending: Ending = {
    type: gone ? 'request.client_aborted' : refused ? 'request.refused' : 'request.failed',
    status: statusOf(error),
    complete: false,
    errorCode: error.code,
    ...(error.code === 'internal_error' ? { detail: errorClass(error.cause) } : {}),
  };
  if (error.code === 'internal_error') {
    kit.ports.log.error('internal error', { request_id: exchange.requestId, cause: errorClass(error.cause) });
  }
  return settled(
    exchange,
    ending.status,
    failureHeaders(error, answerOf(exchange)),
    JSON.stringify(errorBody(error)),
    ending,
    kit,
  );
}

/** The kind of a bug and where, never its message: that could hold text of the request. */
function errorClass(cause: unknown): string {
  if (!(cause instanceof Error)) return typeof cause;
  const frame = cause.stack?.split('\n').find((line) => line.trim().startsWith('at '));
  return `${cause.name} ${frame?.trim().slice(0, 200) ?? ''}`;
}
