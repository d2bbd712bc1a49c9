import type { TextFormat } from './answer-format.ts';
import type { Relay } from './relay.ts';
import { relayStream } from './relay-stream.ts';
import { relayWhole } from './relay-whole.ts';

/** Hands on an answer of text through the output guard, streamed or whole as the client asked. */
export function relayText(format: TextFormat): (relay: Relay) => Promise<Response> {
  return (relay) => (relay.exchange.stream ? relayStream(relay, format) : relayWhole(relay, format));
}
