import { costOf } from '#core/cost/price.ts';
import { GatewayError } from '#core/errors.ts';
import type { Target } from '#core/pack/pack.ts';
import type { Catalogue } from '#core/policy/policy.ts';
import type { Exchange } from './exchange.ts';
import type { ExchangeKit } from './kit.ts';

/** Time for the final event to arrive after the door's deadline, before the sweeper gives the call up for lost. */
const GRACE_MS = 120_000;

/** Writes the intent before the provider is called. Throws `audit_unavailable`: no record, no provider call. */
export async function openIntent(
  exchange: Exchange,
  target: Target,
  deadline: number,
  texts: readonly string[],
  { ports, emitter, options }: ExchangeKit,
): Promise<void> {
  if (exchange.deployment.pack.audit.mode !== 'strict') return;
  try {
    if (!ports.intents) throw new Error('no intent log is connected');
    await ports.intents.open({
      requestId: exchange.requestId,
      appId: exchange.caller.app.id,
      keyId: exchange.caller.keyId,
      emitter: emitter.id,
      seq: emitter.next,
      at: new Date(exchange.startedAt).toISOString(),
      deadline: new Date(deadline + GRACE_MS).toISOString(),
      model: exchange.model,
      provider: target.vendor,
      environment: exchange.deployment.environment,
      worstCaseMicros: worstCase(exchange, target, texts, options.catalogue),
    });
  } catch (cause) {
    throw new GatewayError(
      'audit_unavailable',
      'The call cannot be recorded right now, so it was not made. Try again in a moment.',
      { cause },
    );
  }
}

function worstCase(
  { body, attachment, deployment, modelRoute }: Exchange,
  target: Target,
  texts: readonly string[],
  catalogue: Catalogue,
): number | null {
  const usage = modelRoute.worstCase(body, texts, attachment);
  const { micros } = costOf(deployment.prices, target.vendor, target.provider_model, usage);
  const asksTwice = deployment.pack.chain.some(
    ({ kind, mode, settings }) => mode === 'enforce' && catalogue.get(kind)?.mayRetry?.(settings),
  );
  return micros !== null && asksTwice ? 2 * micros : micros;
}
