import type { Target } from '#core/pack/pack.ts';
import { callInput } from './call-input.ts';
import { callProvider, type Served } from './call-provider.ts';
import type { Exchange } from './exchange.ts';
import type { Judged } from './hold-request.ts';
import type { ExchangeKit } from './kit.ts';
import { type Relay, tooLate } from './relay.ts';
import type { RouteCall } from './routes.ts';
import { firstTarget, setAside } from './set-aside.ts';

/** Sets money aside and asks the provider. */
export async function reachProvider(
  judged: Judged,
  { deadline }: RouteCall,
  kit: ExchangeKit,
): Promise<Relay> {
  const { exchange, targets, leaves, facts, requestHash, client, late } = judged;
  const texts = leaves.map((leaf) => leaf.text);
  const allowed = await setAside(exchange, { targets, deadline, texts }, kit);
  const stop = new AbortController();
  const signal = AbortSignal.any([client, late, stop.signal]);
  const served = await reach(exchange, allowed, signal, kit).catch((error: unknown) => {
    throw late.aborted ? tooLate(error) : error;
  });
  return { exchange, served, facts, texts, requestHash, stop, client, late, kit };
}

async function reach(
  exchange: Exchange,
  targets: readonly Target[],
  signal: AbortSignal,
  kit: ExchangeKit,
): Promise<Served> {
  exchange.target = firstTarget(targets);
  const served = await callProvider(callInput(exchange, targets, signal), kit);
  exchange.target = served.target;
  exchange.providerRequestId = served.answer.requestId;
  return served;
}
