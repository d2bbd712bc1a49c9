import { GatewayError } from '#core/errors.ts';
import type { Target } from '#core/pack/pack.ts';
import { ProviderFailure } from '#providers/failure.ts';
import type { ProviderAnswer } from '#providers/provider.ts';
import type { ExchangeKit } from './kit.ts';
import { attemptCall, type CallInput, type Turn } from './routing/attempt-call.ts';
import { callsIn } from './routing/attempts.ts';
import { orderTargets } from './routing/order.ts';

/** Provider calls per client call, over all targets. */
export const MAX_CALLS = 2;
const PAUSE_MS = 200;
/** Longer than this no client is made to wait for a second try at the same target. */
const MAX_PAUSE_MS = 2000;

export interface Served {
  readonly answer: ProviderAnswer;
  readonly target: Target;
}

/**
 * Tries the targets in the order of the pack's strategy, only before the first byte, with two calls at most. A target whose
 * breaker is open or whose key is missing is passed over. Throws GatewayError as the error table says.
 */
export async function callProvider(input: CallInput, kit: ExchangeKit): Promise<Served> {
  const random = kit.options.random ?? Math.random;
  const left = orderTargets(input.targets, input.routing, kit.health, input.stream, random);
  let last: Error | undefined;
  let turn = nextTurn(left);
  while (turn && callsIn(input.attempts) < MAX_CALLS) {
    try {
      return { answer: await attemptCall(turn, input, kit), target: turn.target };
    } catch (error) {
      if (!isFailure(error)) throw error;
      if (error.code !== 'provider_unavailable') last = error;
      if (input.signal.aborted) break;
      turn = await turnAfter(error, turn, left);
    }
  }
  throw asTold(last ?? allOpen(input.targets, kit));
}

function nextTurn(left: Target[]): Turn | undefined {
  const target = left.shift();
  return target && { target, number: 1, refresh: false };
}

/** Who is asked next: another target where there is one, the same where that may help, nobody when the request is at fault. */
async function turnAfter(
  error: ProviderFailure | GatewayError,
  turn: Turn,
  left: Target[],
): Promise<Turn | undefined> {
  if (error.code === 'provider_rejected' || error.code === 'content_filter') return undefined;
  const again = { target: turn.target, number: turn.number + 1, refresh: false };
  const spent = again.number > turn.target.max_attempts;
  if (error.code === 'provider_auth_error' && !spent && !turn.refresh) return { ...again, refresh: true };
  if (left.length > 0) return nextTurn(left);
  if (spent || !(error instanceof ProviderFailure) || !error.again) return undefined;
  if (error.code === 'provider_rate_limited') return undefined;
  const wait = Math.max(PAUSE_MS, (error.retryAfterSeconds ?? 0) * 1000);
  if (wait > MAX_PAUSE_MS) return undefined;
  await new Promise((resolve) => setTimeout(resolve, wait));
  return again;
}

function isFailure(error: unknown): error is ProviderFailure | GatewayError {
  return error instanceof ProviderFailure || error instanceof GatewayError;
}

function allOpen(targets: readonly Target[], { health }: ExchangeKit): GatewayError {
  const wait = Math.min(...targets.map((target) => health.retryIn(target)));
  return new GatewayError(
    'provider_unavailable',
    'The provider failed too often and is being left alone for a moment. Try again then.',
    { retryAfterSeconds: Math.max(1, Math.ceil(wait / 1000)) },
  );
}

function asTold(error: Error): Error {
  if (!(error instanceof ProviderFailure)) return error;
  const { code, message, retryAfterSeconds } = error;
  const wait = retryAfterSeconds === undefined ? {} : { retryAfterSeconds };
  return new GatewayError(code, message, { cause: error, ...wait });
}
