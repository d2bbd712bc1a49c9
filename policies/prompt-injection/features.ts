/** Features are hashed to this many bits: one weight each. */
export const FEATURE_BITS = 16;

/**
 * What the model sees of a text in normal form: its words, pairs and triples of neighbouring words and the four-letter pieces of
 * each word, hashed. Words are runs of letters and digits, single Chinese, Japanese or Korean letters, and single signs.
 */
export interface Features {
  /** All features, word after word; repeated as often as they occur. */
  readonly hashes: Uint16Array;
  /** `ends[w]`: how many features belong to the words up to and including `w`. */
  readonly ends: Uint32Array;
  /** Where each word starts in the text. */
  readonly starts: Uint32Array;
}

/** Looked up once: it is called for every letter. */
const { imul } = Math;
const SEED = 0x811c9dc5;
const PRIME = 0x01000193;
/** Letters of one word that are looked at. */
const MAX_WORD = 40;
/** A word of k letters has k + 2 features at most, a sign has 3. */
const MOST_PER_UNIT = 3;

export function featuresOf(text: string): Features {
  const { length } = text;
  const hashes = new Uint16Array(length * MOST_PER_UNIT);
  const ends = new Uint32Array(length);
  const starts = new Uint32Array(length);
  let count = 0;
  let words = 0;
  let before = 0;
  let previous = 0;
  for (let at = 0; at < length; ) {
    const start = at;
    let code = text.charCodeAt(at);
    const kind = kindOf(code);
    at += 1;
    if (kind === SPACE) continue;
    let word = imul(SEED ^ plainDigit(code), PRIME);
    if (kind === LETTER) {
      // The last four letters, a byte each; a new piece with every letter.
      let piece = (EDGE << 8) | byteOf(plainDigit(code));
      for (; at < length; at += 1) {
        code = text.charCodeAt(at);
        if (kindOf(code) !== LETTER) break;
        if (at - start >= MAX_WORD) continue;
        word = imul(word ^ plainDigit(code), PRIME);
        piece = (piece << 8) | byteOf(plainDigit(code));
        if (at - start >= 2) hashes[count++] = spread(piece ^ PIECES);
      }
      if (at - start >= 2) hashes[count++] = spread((piece << 8) ^ EDGE ^ PIECES);
    }
    hashes[count++] = spread(word);
    if (words > 0) {
      const pair = imul(previous, 31) ^ word;
      hashes[count++] = spread(pair ^ PAIRS);
      if (words > 1) hashes[count++] = spread(imul(before, 961) ^ pair ^ TRIPLES);
    }
    starts[words] = start;
    ends[words++] = count;
    before = previous;
    previous = word;
  }
  return {
    hashes: hashes.subarray(0, count),
    ends: ends.subarray(0, words),
    starts: starts.subarray(0, words),
  };
}

/** Stands for the beginning and the end of a word in its pieces. */
const EDGE = 0x1f;
const PIECES = 0x3c6ef372;
const PAIRS = 0x9e3779b9;
const TRIPLES = 0x7f4a7c15;

/** All digits are one: numbers tell nothing. */
function plainDigit(code: number): number {
  return code >= 48 && code <= 57 ? 48 : code;
}

function byteOf(code: number): number {
  return code < 0x80 ? code : 0x80 | ((code ^ (code >> 7)) & 0x7f);
}

function spread(hash: number): number {
  const mixed = imul(hash ^ (hash >>> 15), 0x85ebca6b);
  return imul(mixed ^ (mixed >>> 13), 0xc2b2ae35) >>> (32 - FEATURE_BITS);
}

const SPACE = 0;
const LETTER = 1;
/** A sign, or a letter that is a word. */
const ALONE = 2;
const ASCII_KINDS = Uint8Array.from({ length: 128 }, (_, code) => {
  if (code <= 32) return SPACE;
  return /[a-z0-9'_]/.test(String.fromCharCode(code)) ? LETTER : ALONE;
});

function kindOf(code: number): number {
  if (code < 0x80) return ASCII_KINDS[code] ?? SPACE;
  return (code >= 0x2000 && code < 0xd7b0) || code >= 0xff00 ? ALONE : LETTER;
}
