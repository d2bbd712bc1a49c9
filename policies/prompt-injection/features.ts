import { Growing } from './growing.ts';

/** Features are hashed to this many bits: one weight each. */
export const FEATURE_BITS = 16;

/**
 * What the model sees of a text in normal form: its words, pairs and triples of neighbouring words and the four-letter pieces of
 * each word, hashed. Words are runs of letters and digits, single Chinese, Japanese or Korean letters, and single signs.
 */
export interface Features {
  /** All features, word after word; repeated as often as they occur. */
  readonly hashes: Uint32Array;
  /** `ends[w]`: how many features belong to the words up to and including `w`. */
  readonly ends: Uint32Array;
  /** Where each word starts and stops in the text. */
  readonly starts: Uint32Array;
  readonly stops: Uint32Array;
}

const SEED = 0x811c9dc5;
const PRIME = 0x01000193;
/** Stands for the beginning and the end of a word in its pieces. */
const EDGE = 0x5f;
const PIECE = 4;
/** Letters of one word that are looked at. */
const MAX_WORD = 40;

export function featuresOf(text: string): Features {
  const hashes = new Growing(text.length * 2);
  const ends = new Growing(text.length >> 1);
  const starts = new Growing(text.length >> 1);
  const stops = new Growing(text.length >> 1);
  let before = 0;
  let previous = 0;
  for (let start = 0; start < text.length; ) {
    const kind = kindOf(text.charCodeAt(start));
    const stop = kind === LETTER ? wordEnd(text, start) : start + 1;
    if (kind !== SPACE) {
      const word = hashOf(text, start, Math.min(stop, start + MAX_WORD), SEED);
      addWords(hashes, before, previous, word);
      if (kind === LETTER) addPieces(hashes, text, start, Math.min(stop, start + MAX_WORD));
      ends.push(hashes.length);
      starts.push(start);
      stops.push(stop);
      before = previous;
      previous = word;
    }
    start = stop;
  }
  return { hashes: hashes.done(), ends: ends.done(), starts: starts.done(), stops: stops.done() };
}

/** A word, with the word before it, and with the two before it. */
function addWords(hashes: Growing, before: number, previous: number, word: number): void {
  hashes.push(spread(word));
  if (previous === 0) return;
  const pair = Math.imul(previous, 31) ^ word;
  hashes.push(spread(pair ^ 0x9e3779b9));
  if (before !== 0) hashes.push(spread(Math.imul(before, 961) ^ pair ^ 0x7f4a7c15));
}

function addPieces(hashes: Growing, text: string, start: number, stop: number): void {
  for (let at = start - 1; at + PIECE <= stop + 1; at += 1) {
    let hash = SEED ^ PIECE;
    for (let i = at; i < at + PIECE; i += 1) {
      const code = i < start || i >= stop ? EDGE : text.charCodeAt(i);
      hash = Math.imul(hash ^ plainDigit(code), PRIME);
    }
    hashes.push(spread(hash));
  }
}

function hashOf(text: string, start: number, stop: number, seed: number): number {
  let hash = seed;
  for (let i = start; i < stop; i += 1) hash = Math.imul(hash ^ plainDigit(text.charCodeAt(i)), PRIME);
  return hash;
}

/** All digits are one: numbers tell nothing. */
function plainDigit(code: number): number {
  return code >= 48 && code <= 57 ? 48 : code;
}

function spread(hash: number): number {
  return Math.imul(hash ^ (hash >>> 15), 0x85ebca6b) >>> (32 - FEATURE_BITS);
}

function wordEnd(text: string, start: number): number {
  let end = start + 1;
  while (end < text.length && kindOf(text.charCodeAt(end)) === LETTER) end += 1;
  return end;
}

const SPACE = 0;
const LETTER = 1;
/** A sign, or a letter that is a word. */
const ALONE = 2;

function kindOf(code: number): number {
  if (code < 0x80) {
    if ((code >= 97 && code <= 122) || (code >= 48 && code <= 57) || code === 39 || code === 95)
      return LETTER;
    return code <= 32 ? SPACE : ALONE;
  }
  return (code >= 0x2000 && code < 0xd7b0) || code >= 0xff00 ? ALONE : LETTER;
}
