import { Key } from '#core/auth/key.ts';
import { GatewayError } from '#core/errors.ts';
import type { JsonObject } from '#core/json.ts';
import type { Attempt } from '#core/ledger/event.ts';
import type { Routing, Target } from '#core/pack/pack.ts';
import type { Trace } from '#core/trace/trace.ts';
import { DIALECTS } from '#providers/catalogue.ts';
import { ProviderFailure } from '#providers/failure.ts';
import type { Attachment, Operation, ProviderAnswer } from '#providers/provider.ts';
import { type Egress, openEgress } from '../egress.ts';
import { HEARTBEAT_MS } from '../heartbeat.ts';
import type { ExchangeKit } from '../kit.ts';
import { secretName } from '../secret-name.ts';
import { tracedFetch } from '../traced-fetch.ts';
import { classOf } from './attempts.ts';
import { awaitFirstChunk } from './first-chunk.ts';
import { isTimeout, watchCall } from './given-up.ts';
import type { Permit } from './health.ts';

export interface CallInput {
  readonly requestId: string;
  /** Who pays. */
  readonly appId: string;
  readonly trace: Trace;
  readonly operation: Operation;
  readonly targets: readonly Target[];
  readonly routing: Routing;
  readonly body: JsonObject;
  readonly attachment?: Attachment | undefined;
  readonly stream: boolean;
  readonly signal: AbortSignal;
  /** Filled as the attempts happen, also when all of them fail. */
  readonly attempts: Attempt[];
  /** Told when a target was called and given up before it answered: it may bill the call all the same. */
  readonly giveUp: (target: Target) => void;
}

/** One try at one target. */
export interface Turn {
  readonly target: Target;
  /** 1 for the first try at this target. */
  readonly number: number;
  /** The key is fetched anew: the provider refused it. */
  readonly refresh: boolean;
}

/**
 * Calls one target and notes the attempt. Throws ProviderFailure, or GatewayError `provider_unavailable` (its breaker is open),
 * `credentials_unavailable` (its key is missing) or `config_unavailable`.
 */
export async function attemptCall(turn: Turn, input: CallInput, kit: ExchangeKit): Promise<ProviderAnswer> {
  const { target } = turn;
  if (input.signal.aborted)
    throw new ProviderFailure('provider_error', 'Nobody waits for the answer any more.');
  const egress = openEgress(target, kit.ports, kit.options);
  const key = await secret(turn, input, kit);
  const permit = kit.health.enter(target, input.routing, input.stream);
  if (!permit) {
    input.attempts.push({ target: target.id, status: null, error: 'circuit_open', ms: 0 });
    throw new GatewayError('provider_unavailable', 'The breaker of this target is open.');
  }
  return connect(turn, { egress, key, permit }, input, kit);
}

async function connect(
  { target }: Turn,
  { egress, key, permit }: { egress: Egress; key: Key; permit: Permit },
  input: CallInput,
  { ports, options, health }: ExchangeKit,
): Promise<ProviderAnswer> {
  const { operation, body, attachment, stream, requestId, trace, attempts } = input;
  const started = ports.clock.now();
  const elapsed = () => Math.max(0, Math.round(ports.clock.now() - started));
  const note = (status: number | null, error?: string) =>
    attempts.push({
      target: target.id,
      status,
      ...(error ? { error } : {}),
      ms: elapsed(),
      at: new Date(started).toISOString(),
    }) - 1;
  /** Closes the connection of a failed attempt, whatever it still wants to send. */
  const stop = new AbortController();
  const signal = AbortSignal.any([input.signal, stop.signal]);
  const ended = watchCall(input.signal, () => input.giveUp(target));
  let blamed = false;
  const blame = (error: unknown) => {
    if (blamed) return;
    blamed = true;
    if (input.signal.aborted || !isTargetsFault(error)) permit.dropped();
    else permit.failed();
  };
  try {
    const dialect = DIALECTS[target.provider];
    const fetch = tracedFetch(egress.fetch, trace, requestId, attempts.length);
    const asked = { operation, body, attachment, stream, signal, requestId };
    const called = { target: billedTo(target, input.appId, options), baseUrl: egress.baseUrl, key };
    const answer = await dialect({ fetch, bedrock: ports.bedrock, ...called, ...asked });
    if (answer.kind !== 'stream') {
      ended();
      permit.answered(elapsed());
      note(200);
      return answer;
    }
    let index: number | undefined;
    const chunks = await awaitFirstChunk(answer.chunks, {
      timeoutMs: Math.max(1, target.timeout_ms - elapsed()),
      patienceMs: options.heartbeatMs ?? HEARTBEAT_MS,
      began() {
        ended();
        permit.answered(elapsed());
      },
      broke(error) {
        ended(error);
        const noted = index === undefined ? undefined : attempts[index];
        if (index !== undefined && noted) attempts[index] = { ...noted, error: classOf(error) };
        blame(error);
      },
    });
    index = note(200);
    return { ...answer, chunks };
  } catch (error) {
    stop.abort();
    const { aborted } = input.signal;
    note(error instanceof ProviderFailure ? error.status : null, aborted ? 'aborted' : classOf(error));
    ended(error);
    blame(error);
    if (error instanceof ProviderFailure && error.code === 'provider_rate_limited') {
      health.rest(target, error.retryAfterSeconds ?? 1);
    }
    throw error;
  }
}

/** The target as the app's own profile, so that AWS books the call on the app; prices and breaker stay those of the target. */
function billedTo(target: Target, appId: string, { profileOf }: ExchangeKit['options']): Target {
  const profile = profileOf?.(appId, target.id);
  if (profile === undefined) return target;
  return { ...target, provider_model: profile, base_model: target.base_model ?? target.provider_model };
}

/** Neither a bad request, a bad key nor a rate limit says that the target is down. */
function isTargetsFault(error: unknown): boolean {
  return isTimeout(error) || (error instanceof ProviderFailure && error.code === 'provider_error');
}

/** Empty where the function's role is the key. */
async function secret(
  { target, refresh }: Turn,
  { attempts }: CallInput,
  { ports }: ExchangeKit,
): Promise<Key> {
  const name = secretName(target);
  if (name === undefined) return new Key('');
  try {
    return await ports.secrets.get(name, { refresh });
  } catch (cause) {
    attempts.push({ target: target.id, status: null, error: 'credentials_unavailable', ms: 0 });
    throw new GatewayError(
      'credentials_unavailable',
      `The provider key "${name}" is not available to the gateway. An operator must set it.`,
      { cause },
    );
  }
}
