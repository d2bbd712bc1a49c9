import type { Target } from '#core/pack/pack.ts';
import type { Exchange } from './exchange.ts';
import type { CallInput } from './routing/attempt-call.ts';

/** The request of an exchange as it stands, for these targets. A call that is given up counts with its worst case. */
export function callInput(exchange: Exchange, targets: readonly Target[], signal: AbortSignal): CallInput {
  const { modelRoute, body, attachment, stream, attempts, requestId, trace, deployment, caller } = exchange;
  return {
    appId: caller.app.id,
    operation: modelRoute.operation,
    targets,
    routing: deployment.pack.routing,
    body,
    attachment,
    stream,
    signal,
    attempts,
    giveUp: ({ id }) => void exchange.givenUp.push(exchange.mostMicros.get(id) ?? null),
    requestId,
    trace,
  };
}
