import { isObject, type Json, type JsonObject } from '#core/json.ts';

/** A token that is part of a character: its bytes, written out. */
const ESCAPED = /^(\\x[0-9a-f]{2})+$/i;
const MAX_ALTERNATIVES = 20;

/**
 * The log probabilities of a text, written anew; undefined when their tokens are not exactly that text, because then they say
 * something that was not guarded. Alternatives are other words: `alternativesOf` says which, for whoever guards them.
 */
export function readLogprobs(tokens: readonly Json[], text: string): JsonObject[] | undefined {
  const read = tokens.map((item) => readToken(item));
  if (!read.every((item) => item !== undefined)) return undefined;
  if (joined(read) !== text) return undefined;
  return read.map((item, index) => ({ ...item, top_logprobs: alternativesAt(tokens[index]) }));
}

/** Every text that the alternatives spell: each rank read from left to right, and all of them one by one. */
export function alternativesOf(logprobs: readonly JsonObject[]): string[] {
  const ranks: string[] = [];
  const all: string[] = [];
  for (const { top_logprobs: top } of logprobs) {
    for (const [rank, item] of (Array.isArray(top) ? top : []).entries()) {
      const token = isObject(item) ? String(item['token']) : '';
      ranks[rank] = (ranks[rank] ?? '') + token;
      all.push(token.trim());
    }
  }
  return all.length === 0 ? [] : [...ranks.map((text) => text ?? ''), all.join(' ')];
}

/** The same without alternatives. */
export function withoutAlternatives(logprobs: readonly JsonObject[]): JsonObject[] {
  return logprobs.map((item) => ({ ...item, top_logprobs: [] }));
}

interface Token {
  readonly token: string;
  readonly logprob: number;
  readonly bytes: number[] | null;
}

function readToken(item: Json | undefined): (Token & JsonObject) | undefined {
  if (!isObject(item)) return undefined;
  const { token, logprob, bytes = null } = item;
  if (typeof token !== 'string' || typeof logprob !== 'number') return undefined;
  if (bytes === null) return { token, logprob, bytes };
  if (!isBytes(bytes) || !(ESCAPED.test(token) || decode(bytes) === token)) return undefined;
  return { token, logprob, bytes };
}

function alternativesAt(item: Json | undefined): JsonObject[] {
  const top = isObject(item) ? item['top_logprobs'] : undefined;
  return (Array.isArray(top) ? top : []).slice(0, MAX_ALTERNATIVES).flatMap((one) => readToken(one) ?? []);
}

function joined(tokens: readonly Token[]): string | undefined {
  const encoder = new TextEncoder();
  return decode(tokens.flatMap(({ token, bytes }) => bytes ?? [...encoder.encode(token)]));
}

function isBytes(value: Json): value is number[] {
  return (
    Array.isArray(value) &&
    value.every((byte) => typeof byte === 'number' && Number.isInteger(byte) && byte >= 0 && byte < 256)
  );
}

function decode(bytes: readonly number[]): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Uint8Array.from(bytes));
  } catch {
    return undefined;
  }
}
