import { type RequestWindow, readRequest } from './request-features.ts';
import { BIAS, SCALE, WEIGHTS } from './request-weights.ts';

/** Shorter texts say too little for words to be counted. */
const MIN_WORDS = 5;
const FEATURES_PER_WORD = 2;
/** Texts of fewer features are scored as if they had so many, or single words would decide. */
export const MIN_FEATURES = 12;
/** Every doubling of the number of windows gives chance one more try, and costs this much. */
const MARGIN = 0.15;
/** Sentences of a longer text have to be more suspicious: the model has learnt from whole requests. */
const PART_MARGIN = 1.2;

/** The most suspicious stretch of a text. */
export interface RequestScore {
  /** Log odds that it asks for something harmful; 0 is as likely as not on the training data. */
  readonly logit: number;
  readonly start: number;
  readonly end: number;
}

/** Scores a text in normal form; undefined when it is too short to say anything. Linear in its length. */
export function scoreRequest(text: string): RequestScore | undefined {
  const { features, windows } = readRequest(text);
  const sums = sumsOf(features, weights());
  let best: RequestWindow | undefined;
  let highest = Number.NEGATIVE_INFINITY;
  for (const window of windows) {
    if (window.to - window.from < MIN_WORDS * FEATURES_PER_WORD) continue;
    const logit = logitOf(sums, window) - (window.part ? PART_MARGIN : 0);
    if (logit <= highest) continue;
    best = window;
    highest = logit;
  }
  return best && { logit: highest - MARGIN * Math.log2(windows.length), start: best.start, end: best.end };
}

/** Log odds to 0..1. */
export function probability(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}

/** The weights of the first i features together, so that every window costs a subtraction. */
function sumsOf(features: Uint16Array, table: Int8Array): Int32Array {
  const sums = new Int32Array(features.length + 1);
  let sum = 0;
  for (let i = 0; i < features.length; i += 1) {
    sum += table[features[i] ?? 0] ?? 0;
    sums[i + 1] = sum;
  }
  return sums;
}

function logitOf(sums: Int32Array, { from, to }: RequestWindow): number {
  const sum = (sums[to] ?? 0) - (sums[from] ?? 0);
  return BIAS + (SCALE * sum) / Math.sqrt(Math.max(to - from, MIN_FEATURES));
}

let decoded: Int8Array | undefined;

/** Decoded on first use: an environment that never judges a request does not pay for it. */
function weights(): Int8Array {
  decoded ??= Int8Array.from(atob(WEIGHTS), (letter) => letter.charCodeAt(0));
  return decoded;
}
