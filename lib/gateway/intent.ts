import { DEFAULT_MAX_TOKENS } from '#core/budget/budget.ts';
import type { Hold } from '#core/budget/hold.ts';
import { worstMicros } from '#core/budget/worst-case.ts';
import { costOf } from '#core/cost/price.ts';
import { NO_USAGE } from '#core/cost/usage.ts';
import { GatewayError } from '#core/errors.ts';
import type { Target } from '#core/pack/pack.ts';
import type { NoRoom } from '#core/ports.ts';
import type { Exchange } from './exchange.ts';
import type { ExchangeKit } from './kit.ts';

/** Time for the final event to arrive after the door's deadline, before the sweeper gives the call up for lost. */
const GRACE_MS = 120_000;

/** What is known when a provider is about to be called. */
export interface Plan {
  /** Any of these may be called. */
  readonly targets: readonly Target[];
  /** Epoch milliseconds. */
  readonly deadline: number;
  /** Texts of the request. */
  readonly texts: readonly string[];
  /** Output tokens where the client sets no limit. */
  readonly maxTokens?: number;
}

/**
 * Writes the intent before the provider is called, and sets aside what `hold` says in the same step. Throws `audit_unavailable`: no
 * record, no provider call. A pack with `best_effort` writes one only where something is set aside.
 */
export async function openIntent(
  exchange: Exchange,
  { targets, deadline }: Plan,
  worstCaseMicros: number | null,
  hold: Hold | undefined,
  { ports, emitter }: ExchangeKit,
): Promise<NoRoom | undefined> {
  if (exchange.deployment.pack.audit.mode !== 'strict' && !hold?.reserved_micros) return undefined;
  try {
    if (!ports.intents) throw new Error('no intent log is connected');
    return await ports.intents.open({
      requestId: exchange.requestId,
      appId: exchange.caller.app.id,
      keyId: exchange.caller.keyId,
      emitter: emitter.id,
      seq: emitter.next,
      at: new Date(exchange.startedAt).toISOString(),
      deadline: new Date(deadline + GRACE_MS).toISOString(),
      model: exchange.model,
      provider: targets[0]?.vendor ?? '',
      environment: exchange.deployment.environment,
      worstCaseMicros,
      ...(hold ? { hold } : {}),
    });
  } catch (cause) {
    if (cause instanceof GatewayError && cause.code === 'budget_unavailable') throw cause;
    throw new GatewayError(
      'audit_unavailable',
      'The call cannot be recorded right now, so it was not made. Try again in a moment.',
      { cause },
    );
  }
}

/**
 * The most the call can cost, null when a price is unknown: the dearest target answers, after another one was given up that bills all
 * the same, or after a first answer that was not good enough. Notes on the exchange what one call of each target can cost.
 */
export function worstCase(
  { body, attachment, deployment, modelRoute, mostMicros }: Exchange,
  { targets, texts, maxTokens = DEFAULT_MAX_TOKENS }: Plan,
  { options: { catalogue } }: ExchangeKit,
): number | null {
  const usage = modelRoute.worstCase(body, texts, attachment, maxTokens);
  const costs = targets.map((target) => worstMicros(deployment.prices, target, body, usage));
  for (const [i, { id }] of targets.entries()) mostMicros.set(id, costs[i] ?? null);
  if (costs.includes(null)) return null;
  const asksTwice = deployment.pack.chain.some(
    ({ kind, mode, settings }) => mode === 'enforce' && catalogue.get(kind)?.mayRetry?.(settings),
  );
  const judges = judgesWorstCase(deployment);
  if (judges === null) return null;
  const [first = 0, second = 0] = costs.map(Number).sort((a, b) => b - a);
  return asksTwice ? (first + judges) * 2 : first + second + judges;
}

/** Of the models that judge each answer. */
function judgesWorstCase({ pack, prices }: Exchange['deployment']): number | null {
  let micros = 0;
  for (const { target: id, worstCase: most } of pack.remotes ?? []) {
    const target = pack.targets.find((each) => each.id === id);
    if (!target || !most) continue;
    const cost = costOf(prices, target.vendor, target.provider_model, { ...NO_USAGE, ...most });
    if (cost.micros === null) return null;
    micros += cost.micros;
  }
  return micros;
}
