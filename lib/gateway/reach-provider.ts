import type { Target } from '#core/pack/pack.ts';
import { callProvider, type Served } from './call-provider.ts';
import { type Exchange, noteGivenUp } from './exchange.ts';
import type { Judged } from './hold-request.ts';
import type { ExchangeKit } from './kit.ts';
import { type Relay, tooLate } from './relay.ts';
import type { RouteCall } from './routes.ts';
import { setAside } from './set-aside.ts';

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
  exchange.target = first(targets);
  const { modelRoute, body, attachment, stream, attempts, requestId, trace, deployment } = exchange;
  const { operation } = modelRoute;
  const { routing } = deployment.pack;
  const appId = exchange.caller.app.id;
  const asked = {
    appId,
    operation,
    targets,
    routing,
    body,
    attachment,
    stream,
    signal,
    attempts,
    giveUp: noteGivenUp(exchange),
    requestId,
    trace,
  };
  const served = await callProvider(asked, kit);
  exchange.target = served.target;
  exchange.providerRequestId = served.answer.requestId;
  return served;
}

function first(targets: readonly Target[]): Target {
  const [target] = targets;
  if (!target) throw new Error('no target');
  return target;
}
