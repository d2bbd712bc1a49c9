import type { JsonObject } from '#core/json.ts';
import { estimateUsage } from '#core/openai/usage.ts';
import { ProviderFailure } from '#providers/failure.ts';
import { answerOf, settled } from './answers.ts';
import type { Relay } from './relay.ts';
import { standardHeaders } from './respond.ts';
import { createUpstream, readUpstream } from './upstream.ts';

/** The answer written anew: only numbers, flags and words of the wire. Undefined when the provider's makes no sense. */
type Rewrite = (answer: JsonObject, relay: Relay) => JsonObject | undefined;

/** Hands on an answer that holds no text. Nothing of the provider's own JSON is passed along. */
export function relayNumbers(what: string, rewrite: Rewrite): (relay: Relay) => Promise<Response> {
  return async (relay) => {
    const { exchange, served, texts, kit } = relay;
    if (served.answer.kind !== 'whole') throw unreadable(what);
    const upstream = createUpstream();
    readUpstream(exchange, upstream, served.answer.body);
    if (!upstream.usageSeen) exchange.usage = estimateUsage(texts, '');
    const body = rewrite(served.answer.body, relay);
    if (!body) throw unreadable(what);

    const headers = standardHeaders(answerOf(exchange));
    headers.set('content-type', 'application/json');
    const ending = { type: 'request.completed', status: 200, complete: true } as const;
    return settled(exchange, 200, headers, JSON.stringify(body), ending, kit);
  };
}

function unreadable(what: string): ProviderFailure {
  return new ProviderFailure('provider_error', `The provider answered with something that is not ${what}.`, {
    status: 200,
  });
}
