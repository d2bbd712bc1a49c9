import { isObject, type Json, type JsonObject } from '#core/json.ts';
import { alternativesOf, readLogprobs, withoutAlternatives } from '#core/openai/logprobs.ts';
import { createAnswerGuard } from '#core/policy/answer-guard.ts';
import { SPOKEN } from './answer-parts.ts';
import type { Beside, Released } from './beside.ts';
import { nowMicros } from './now-micros.ts';
import type { Relay } from './relay.ts';
import type { FinishedTake } from './take.ts';
import { placeOf } from './upstream.ts';

/** Longer texts beside an answer are not looked at, and so not relayed. */
const MAX_CHARS = 200_000;
const MAX_READINGS = 4;

/**
 * What may go out beside a guarded answer, by choice. Only where the guard let the text pass unchanged: probabilities must spell
 * exactly that text, sound must be of exactly that transcript. Other words (alternatives, titles and links of citations) go
 * through a guard of their own and are dropped when it would change anything, or when somebody elsewhere judges answers.
 */
export function releaseBeside(
  relay: Relay,
  { guard, upstream, outcome }: FinishedTake,
): Map<number, Released> {
  const guarded = new Map(outcome.answer.map((piece) => [placeOf(piece), piece.text]));
  const isClean = (texts: readonly string[]) => texts.length === 0 || (!guard.asks && passes(relay, texts));
  const released = new Map<number, Released>();
  for (const [choice, beside] of upstream.beside) {
    const untouched = (index: number): string | undefined => {
      const place = placeOf({ choice, kind: 'content', index });
      const said = upstream.said.get(place) ?? '';
      return guarded.get(place) === said ? said : undefined;
    };
    released.set(choice, {
      ...besideText(beside, untouched(0), isClean),
      ...besideSpeech(beside, untouched(SPOKEN)),
    });
  }
  return released;
}

type IsClean = (texts: readonly string[]) => boolean;

function besideText({ tokens, annotations }: Beside, text: string | undefined, isClean: IsClean): Released {
  if (text === undefined) return {};
  const logprobs = tokens.length > 0 ? readLogprobs(tokens, text) : undefined;
  const cited = annotations.flatMap((item) => readCitation(item) ?? []);
  const citations = isClean(cited.flatMap(({ url, title }) => [title, ...readingsOf(url)])) ? cited : [];
  return {
    ...(logprobs
      ? { logprobs: isClean(alternativesOf(logprobs)) ? logprobs : withoutAlternatives(logprobs) }
      : {}),
    ...(citations.length > 0
      ? { annotations: citations.map((url_citation) => ({ type: 'url_citation', url_citation })) }
      : {}),
  };
}

function besideSpeech({ sound, audio }: Beside, transcript: string | undefined): Released {
  if (transcript === undefined || sound.length === 0) return {};
  return { audio: { ...audio, data: sound.join('') } };
}

interface Citation extends JsonObject {
  readonly url: string;
  readonly title: string;
}

function readCitation(item: Json): Citation | undefined {
  const cited = isObject(item) && item['type'] === 'url_citation' ? item['url_citation'] : undefined;
  if (!isObject(cited)) return undefined;
  const { url, title = '', start_index = 0, end_index = 0 } = cited;
  const isIndex = (value: Json) => typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
  if (typeof url !== 'string' || !/^https?:\/\//.test(url) || typeof title !== 'string') return undefined;
  return isIndex(start_index) && isIndex(end_index) ? { url, title, start_index, end_index } : undefined;
}

/** A link as it is and as who follows it reads it: percent signs hide nothing, also not behind one another. */
function readingsOf(url: string): string[] {
  const readings = [url];
  for (let text = url; readings.length <= MAX_READINGS; readings.push(text)) {
    const read = percentDecoded(text.replaceAll('+', ' '));
    if (read === text) break;
    text = read;
  }
  return readings;
}

function percentDecoded(text: string): string {
  return text.replace(/(%[0-9a-f]{2})+/gi, (run) => {
    const bytes = run
      .slice(1)
      .split('%')
      .map((hex) => Number.parseInt(hex, 16));
    return new TextDecoder().decode(Uint8Array.from(bytes));
  });
}

/** Nothing in these texts would have been changed or stopped in an answer. */
function passes({ exchange, facts, kit }: Relay, texts: readonly string[]): boolean {
  if (texts.reduce((sum, text) => sum + text.length, 0) > MAX_CHARS) return false;
  const steps = exchange.deployment.pack.chain;
  const guard = createAnswerGuard({ steps, catalogue: kit.options.catalogue, facts, now: nowMicros });
  for (const [choice, text] of texts.entries()) guard.push({ choice, kind: 'content', text });
  const { outcome } = guard.finish([]);
  const stopped = outcome.blockedBy !== undefined || outcome.escalatedBy !== undefined;
  return !stopped && outcome.answer.every(({ choice, text }) => text === texts[choice]);
}
