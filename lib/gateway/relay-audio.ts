import type { Usage } from '#core/cost/usage.ts';
import { ProviderFailure } from '#providers/failure.ts';
import { answerOf } from './answers.ts';
import { framesBody } from './body-stream.ts';
import { type Relay, tooLate } from './relay.ts';
import { standardHeaders } from './respond.ts';
import { ABORTED, failureEnding } from './stream-end.ts';

/** Servers that do not say what they send say octets. */
const AUDIO = /^(audio\/[a-z0-9.+-]{1,40}|application\/octet-stream)(;|$)/i;

/**
 * Hands on audio as it comes, within the limits of every answer. Waits for the first bytes, so that what fails before them gets a
 * status of its own; after them only a cut tells the client that the rest is missing.
 */
export async function relayAudio(relay: Relay, usage: Usage): Promise<Response> {
  const { exchange, served } = relay;
  const { answer } = served;
  if (answer.kind !== 'bytes') throw noAudio();
  const type = AUDIO.exec(answer.contentType)?.[1];
  if (type === undefined) {
    relay.stop.abort();
    throw noAudio();
  }
  const bytes = audioBytes(relay, answer.bytes, usage);
  const first = await bytes.next();
  if (first.done) throw noAudio();
  const headers = standardHeaders(answerOf(exchange));
  headers.set('content-type', type.toLowerCase());
  headers.set('x-should-retry', 'false');
  return new Response(framesBody(first.value, bytes), { status: 200, headers });
}

/** The bytes of the body. Throws before the first; from then on the event is recorded here, however it ends. */
async function* audioBytes(
  { exchange, stop, client, late, kit }: Relay,
  source: AsyncIterable<Uint8Array>,
  usage: Usage,
): AsyncGenerator<Uint8Array, void, void> {
  let begun = false;
  let ending = ABORTED;
  try {
    for await (const bytes of source) {
      begun = true;
      exchange.firstByteAt ??= kit.ports.clock.now();
      exchange.usage = usage;
      yield bytes;
    }
    ending = { type: 'request.completed', status: 200, complete: true };
  } catch (thrown) {
    const error = late.aborted ? tooLate(thrown) : thrown;
    if (!client.aborted) ending = failureEnding(exchange, error);
    throw error;
  } finally {
    stop.abort();
    if (begun) await kit.record(exchange, ending);
  }
}

function noAudio(): ProviderFailure {
  return new ProviderFailure('provider_error', 'The provider answered with something that is not audio.', {
    status: 200,
  });
}
