import { NO_USAGE, type Usage } from '#core/cost/usage.ts';
import { isObject, type JsonObject } from '#core/json.ts';
import { readTranscript, type Transcript } from '#core/openai/transcript.ts';
import { readUsage } from '#core/openai/usage.ts';
import { ProviderFailure } from '#providers/failure.ts';
import { textsOf, transcriptFormat } from './formats/transcript.ts';
import type { Relay } from './relay.ts';
import { relayWhole } from './relay-whole.ts';

/** Of speech at an ordinary pace. */
const WORDS_PER_SECOND = 2.5;

/** Guards what was said in an audio like an answer, whatever form it was asked for in. */
export async function relayTranscript(relay: Relay): Promise<Response> {
  const { exchange, served } = relay;
  const { answer } = served;
  const transcript = answer.kind === 'whole' ? readTranscript(answer.body) : undefined;
  if (answer.kind !== 'whole' || !transcript) {
    const message = 'The provider answered with something that is not a transcript.';
    throw new ProviderFailure('provider_error', message, { status: 200 });
  }
  exchange.usage = audioUsage(answer.body, transcript);
  const body = asChoices(answer.body, transcript);
  return relayWhole(
    { ...relay, served: { ...served, answer: { kind: 'whole', body } } },
    transcriptFormat(transcript),
  );
}

/** The shape of an answer of text: what stands in no choice is not relayed. */
function asChoices({ model = null }: JsonObject, transcript: Transcript): JsonObject {
  return { model, choices: textsOf(transcript).map((content, index) => ({ index, message: { content } })) };
}

/** Tokens or seconds as the provider counts them, the length it measured, or an estimate by what was said. */
function audioUsage({ usage }: JsonObject, { text, duration }: Transcript): Usage {
  const tokens = readUsage(usage);
  if (tokens) return tokens;
  const counted = isObject(usage) && typeof usage['seconds'] === 'number' ? usage['seconds'] : duration;
  if (counted !== undefined) return seconds(counted, 'provider');
  return seconds(text.split(/\s+/).length / WORDS_PER_SECOND, 'estimated');
}

function seconds(count: number, source: Usage['source']): Usage {
  return { ...NO_USAGE, seconds: Math.max(0, Math.ceil(count)), source };
}
