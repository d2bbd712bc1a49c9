import { placeholderEnd } from '#policies/pii-detector/placeholders.ts';

/** Words per window; requests are short, and a long text must not water a sentence of it down. */
const WINDOW = 40;
const STEP = 20;
const MIN_SENTENCE = 8;
/** Buckets of the feature table, as a power of two. */
export const FEATURE_BITS = 16;

/** A stretch of text as the model sees it. */
export interface RequestWindow {
  /** Where its features begin and end in those of the text; two for each word. */
  readonly from: number;
  readonly to: number;
  /** One sentence of a longer text: it is looked at twice, so it has to be more suspicious. */
  readonly part: boolean;
  readonly start: number;
  readonly end: number;
}

/** A text as the model sees it: the buckets of its words and pairs of words, and the windows it is looked at through. */
export interface RequestText {
  readonly features: Uint16Array;
  readonly windows: readonly RequestWindow[];
}

/** Reads a text in normal form: overlapping windows, then its sentences. Linear; a word is in at most three of them. */
export function readRequest(text: string): RequestText {
  const tokens = tokensOf(text);
  const { count } = tokens;
  const windows: RequestWindow[] = [];
  for (let from = 0; from < count; from += STEP) {
    const to = Math.min(count, from + WINDOW);
    windows.push(windowOf(tokens, from, to, false));
    if (to === count) break;
  }
  addSentences(tokens, windows);
  return { features: tokens.features.subarray(0, 2 * count), windows };
}

/** Sentences that share the text with others, and are long enough to ask for something. */
function addSentences(tokens: Tokens, windows: RequestWindow[]): void {
  const { count } = tokens;
  let from = 0;
  for (let i = 0; i <= tokens.stops.length; i += 1) {
    const to = (tokens.stops[i] ?? count - 1) + 1;
    const words = to - from;
    if (words >= MIN_SENTENCE && words <= WINDOW && words < count)
      windows.push(windowOf(tokens, from, to, true));
    from = to;
  }
}

function windowOf({ starts, ends }: Tokens, from: number, to: number, part: boolean): RequestWindow {
  return { from: 2 * from, to: 2 * to, part, start: starts[from] ?? 0, end: ends[to - 1] ?? 0 };
}

/** Tables are as long as the text could need; `count` says how many tokens there are. */
interface Tokens {
  count: number;
  /** Two per token: the word, and the word with the one before. */
  readonly features: Uint16Array;
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
  /** Indices of the ends of sentences. */
  readonly stops: number[];
}

const NOTHING = 0;
/** Stands for the end of a sentence; FNV-1a gives no word of one letter this value. */
const SENTENCE_END = 1;
/** Stands for every number and every run of random letters and digits: which one it is says nothing. */
const NUMBER = 2;
const NINE = 0x39;
const BRACKET = 0x3c;
/** Changes between letters and digits, and letters, that no word has. */
const RANDOM_CHANGES = 3;
const LONGEST_WORD = 24;
const FNV_BASIS = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

function tokensOf(text: string): Tokens {
  // The end of a sentence may be a token of its own, right behind a word.
  const most = text.length + 1;
  const tokens: Tokens = {
    count: 0,
    features: new Uint16Array(2 * most),
    starts: new Uint32Array(most),
    ends: new Uint32Array(most),
    stops: [],
  };
  let before = SENTENCE_END;
  let hash = NOTHING;
  let start = 0;
  let letters = false;
  let changes = 0;
  const add = (token: number, from: number, to: number) => {
    const { count } = tokens;
    tokens.features[2 * count] = bucket(token, 11);
    tokens.features[2 * count + 1] = bucket(before, token);
    tokens.starts[count] = from;
    tokens.ends[count] = to;
    tokens.count = count + 1;
    before = token;
  };
  for (let i = 0; i <= text.length; i += 1) {
    const code = i < text.length ? text.charCodeAt(i) : 0;
    const kind = kindOf(code);
    if (kind === APOSTROPHE) continue;
    if (kind === LETTER) {
      if (hash === NOTHING) start = i;
      else if (code <= NINE !== text.charCodeAt(i - 1) <= NINE) changes += 1;
      hash = Math.imul((hash === NOTHING ? FNV_BASIS : hash) ^ code, FNV_PRIME);
      letters ||= code > NINE;
      continue;
    }
    const isWord = letters && changes < RANDOM_CHANGES && i - start <= LONGEST_WORD;
    if (hash !== NOTHING) add(isWord ? hash : NUMBER, start, i);
    hash = NOTHING;
    letters = false;
    changes = 0;
    const hidden = code === BRACKET ? placeholderEnd(text, i) : undefined;
    if (hidden !== undefined) {
      // What stood there is no word of the request: the model never saw a placeholder, and must not guess.
      i = hidden - 1;
      continue;
    }
    if (kind === ALONE) add(Math.imul(FNV_BASIS ^ code, FNV_PRIME), i, i + 1);
    const goesOn = i + 1 < text.length && kindOf(text.charCodeAt(i + 1)) === LETTER;
    if (kind !== STOP || before === SENTENCE_END || goesOn) continue;
    tokens.stops.push(tokens.count);
    add(SENTENCE_END, i, i + 1);
  }
  return tokens;
}

const GAP = 0;
const LETTER = 1;
/** A letter of a script that is written without spaces: a word of its own. */
const ALONE = 2;
const STOP = 3;
/** `don't` is `dont`. */
const APOSTROPHE = 4;

const ASCII_KINDS = Uint8Array.from({ length: 128 }, (_, code) => lookAt(code));

function kindOf(code: number): number {
  return code < 0x80 ? (ASCII_KINDS[code] ?? GAP) : lookAt(code);
}

function lookAt(code: number): number {
  if ((code >= 0x61 && code <= 0x7a) || (code >= 0x30 && code <= 0x39)) return LETTER;
  if (code === 0x27 || code === 0x2019) return APOSTROPHE;
  if (code === 0x2e || code === 0x21 || code === 0x3f || code === 0x0a) return STOP;
  if (code < 0xc0 || (code >= 0x2000 && code < 0x2c00)) return GAP;
  if (code === 0x3002 || code === 0xff01 || code === 0xff1f) return STOP;
  if (code >= 0x3000 && code < 0x3040) return GAP;
  const unspaced = (code >= 0x2e80 && code < 0xa000) || (code >= 0xf900 && code < 0xfb00);
  return unspaced || (code >= 0x0e00 && code < 0x0e80) ? ALONE : LETTER;
}

/** Mixes two hashes into a bucket of the table. */
function bucket(a: number, b: number): number {
  let mixed = Math.imul(a, 0x9e3779b1) ^ Math.imul(b + 0x7f4a7c15, 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 13)) & ((1 << FEATURE_BITS) - 1);
}
