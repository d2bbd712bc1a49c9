import { Key } from '#core/auth/key.ts';
import { GatewayError } from '#core/errors.ts';
import type { JsonObject } from '#core/json.ts';
import type { Attempt } from '#core/ledger/event.ts';
import type { Target } from '#core/pack/pack.ts';
import { DIALECTS } from '#providers/catalogue.ts';
import { ProviderFailure } from '#providers/failure.ts';
import type { Attachment, Operation, ProviderAnswer } from '#providers/provider.ts';
import { egressUrl } from './egress.ts';
import type { GatewayOptions, GatewayPorts } from './ports.ts';
import { secretName } from './secret-name.ts';

/** Provider calls per client call, over all targets. */
const MAX_ATTEMPTS = 2;
const PAUSE_MS = 200;

export interface Served {
  readonly answer: ProviderAnswer;
  readonly target: Target;
}

export interface CallInput {
  readonly requestId: string;
  readonly operation: Operation;
  readonly targets: readonly Target[];
  readonly body: JsonObject;
  readonly attachment?: Attachment | undefined;
  readonly stream: boolean;
  readonly signal: AbortSignal;
  /** Filled as the attempts happen, also when all of them fail. */
  readonly attempts: Attempt[];
}

/** Tries the targets in order, only before the first byte. Throws GatewayError as the error table says. */
export async function callProvider(
  input: CallInput,
  ports: GatewayPorts,
  options: GatewayOptions,
): Promise<Served> {
  let last = new ProviderFailure('provider_error', 'No target could be tried.');
  let refresh = false;
  for (let number = 0; number < MAX_ATTEMPTS; number += 1) {
    const target = input.targets[Math.min(number, input.targets.length - 1)];
    if (!target || number >= Math.max(target.max_attempts, input.targets.length)) break;
    try {
      return { answer: await attempt(target, refresh, input, ports, options), target };
    } catch (error) {
      if (!(error instanceof ProviderFailure)) throw error;
      last = error;
      if (input.signal.aborted) break;
      refresh = error.code === 'provider_auth_error';
      const other = input.targets.length > number + 1;
      if (!error.again && !refresh && !(other && error.code === 'provider_timeout')) break;
      if (error.code === 'provider_rate_limited' && !other) break;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
  throw new GatewayError(last.code, last.message, {
    cause: last,
    ...(last.retryAfterSeconds === undefined ? {} : { retryAfterSeconds: last.retryAfterSeconds }),
  });
}

async function attempt(
  target: Target,
  refresh: boolean,
  input: CallInput,
  ports: GatewayPorts,
  options: GatewayOptions,
): Promise<ProviderAnswer> {
  const dialect = DIALECTS[target.provider];
  if (!dialect) {
    throw new GatewayError(
      'config_unavailable',
      `Provider "${target.provider}" is not supported by this version.`,
    );
  }
  const baseUrl = egressUrl(target, options);
  const key = await secret(target, refresh, ports);
  const started = ports.clock.now();
  const note = (status: number | null, error?: string) =>
    input.attempts.push({
      target: target.id,
      status,
      ms: Math.max(0, Math.round(ports.clock.now() - started)),
      ...(error ? { error } : {}),
    });
  try {
    const { operation, body, attachment, stream, signal, requestId } = input;
    const fetch = ports.fetch ?? globalThis.fetch;
    const asked = { operation, body, attachment, stream, signal, requestId };
    const answer = await dialect({ fetch, target, baseUrl, key, ...asked });
    note(200);
    return answer;
  } catch (error) {
    note(
      error instanceof ProviderFailure ? error.status : null,
      error instanceof ProviderFailure ? error.code : 'bug',
    );
    throw error;
  }
}

/** Empty where the function's role is the key. */
async function secret(target: Target, refresh: boolean, ports: GatewayPorts): Promise<Key> {
  const name = secretName(target);
  if (name === undefined) return new Key('');
  try {
    return await ports.secrets.get(name, { refresh });
  } catch (cause) {
    throw new GatewayError(
      'credentials_unavailable',
      `The provider key "${name}" is not available to the gateway. An operator must set it.`,
      { cause },
    );
  }
}
