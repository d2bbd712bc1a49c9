import { costOf, fullPrice, type ModelPrice, type PriceTable } from '#core/cost/price.ts';
import type { Usage } from '#core/cost/usage.ts';
import { isObject, type Json, type JsonObject } from '#core/json.ts';
import type { Target } from '#core/pack/pack.ts';

/**
 * The most a request can cost, before it is made. Bounds, not estimates: no tokenizer makes more tokens than the text has
 * bytes in UTF-8, so the serialized request bounds its text, tools and schemas.
 */

/** What a provider adds of its own to a message, and to a request with tools. */
const PER_MESSAGE = 16;
const PER_REQUEST = 64;
const TOOL_PROMPT = 1000;
/** An image in full detail: gpt-4o-mini counts 2833 + 5667 per tile, at most 8 tiles; every other model counts less than 8000. */
const IMAGE = 8000;
const IMAGE_4O_MINI = 48_169;
/** A file by reference cannot be looked into: as much as a large context window takes. */
const REFERENCE = 1_000_000;
/** Encoded audio has far more than 50 bytes (of base64) per token. */
const BYTES_PER_AUDIO_TOKEN = 50;
/** gpt-4o-transcribe hears 1000 tokens a minute; nobody says ten a second. */
const HEARD_PER_SECOND = 20;
const SAID_PER_SECOND = 10;

/** What a request can cost before anything is answered, whatever route it came on. */
export function mostInput(body: JsonObject, model: string): { input: number; audio: number } {
  const media = { tokens: 0, audio: 0 };
  const text = JSON.stringify(body, (name, value: Json) => mediaBound(name, value, model, media));
  const messages = Array.isArray(body['messages']) ? body['messages'].length : 1;
  const tools = body['tools'] === undefined && body['functions'] === undefined ? 0 : TOOL_PROMPT;
  const own = messages * PER_MESSAGE + PER_REQUEST + tools;
  return { input: utf8Bytes(text) + media.tokens + own, audio: media.audio };
}

/** Counts a part that is no text, and takes its data out of what is counted as text. */
function mediaBound(
  name: string,
  value: Json,
  model: string,
  media: { tokens: number; audio: number },
): Json {
  if (name === 'image_url') {
    media.tokens += /4o-mini/.test(model) ? IMAGE_4O_MINI : IMAGE;
    return isObject(value) ? { ...value, url: withoutData(value['url'] ?? '') } : withoutData(value);
  }
  if (name === 'input_audio' && isObject(value) && typeof value['data'] === 'string') {
    media.audio += Math.ceil(value['data'].length / BYTES_PER_AUDIO_TOKEN) + 100;
    return { ...value, data: '' };
  }
  if (name === 'file_id' || name === 'file_url') media.tokens += REFERENCE;
  return value;
}

function withoutData(url: Json): Json {
  return typeof url === 'string' && url.startsWith('data:image/') ? '' : url;
}

/**
 * Micro-dollars at the dearest price of each class, rounded as every cost is; null when the price is unknown. `usage` is what the route expects at
 * most, its input is a lower bound.
 */
export function worstMicros(
  table: PriceTable,
  { vendor, provider_model }: Target,
  body: JsonObject,
  usage: Usage,
): number | null {
  const { input, audio } = mostInput(body, provider_model);
  const found = table.models[`${vendor}/${provider_model}`];
  const counted = found?.second === undefined ? inTokens(usage) : usage;
  const most = {
    ...counted,
    input: Math.max(input, counted.input),
    audio_input: Math.max(audio, counted.audio_input ?? 0),
  };
  return found
    ? costOf({ ...table, models: { '/': dearest(fullPrice(found), found) } }, '', '', most).micros
    : null;
}

/** An audio's length in tokens, for models that are priced so. */
function inTokens({ seconds = 0, ...usage }: Usage): Usage {
  const { output, audio_input = 0 } = usage;
  return {
    ...usage,
    output: output + seconds * SAID_PER_SECOND,
    audio_input: audio_input + seconds * HEARD_PER_SECOND,
  };
}

/** Every token at the dearest class it may turn out to be. */
function dearest(price: Required<ModelPrice>, { second, character }: ModelPrice): ModelPrice {
  const input = Math.max(price.input, price.cached_input, price.cache_write, price.cache_write_1h);
  const output = Math.max(price.output, price.reasoning, price.audio);
  return {
    input,
    output,
    audio_input: Math.max(input, price.audio_input),
    call: price.call,
    ...(second === undefined ? {} : { second }),
    ...(character === undefined ? {} : { character }),
  };
}

/** Bytes of a text in UTF-8. */
export function utf8Bytes(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x1_00_00 ? 3 : 4;
  }
  return bytes;
}
