import type { Span } from '#core/policy/policy.ts';
import { FEATURE_BITS, type Features } from './features.ts';

/** How much evidence is enough; stricter settings have lower thresholds. */
export type Sensitivity = 'low' | 'balanced' | 'high';

/** A trained model as it is committed. */
export interface ModelData {
  /** One signed byte per feature hash, base64. */
  readonly weights: string;
  /** What a weight of 1 is worth. */
  readonly scale: number;
  readonly bias: number;
  /** For long texts; see `thresholdFor`. Calibrated by scripts/train-injection.ts. */
  readonly thresholds: Readonly<Record<Sensitivity, number>>;
}

/** A linear model over hashed features. */
export interface LinearModel {
  /** The best of the whole text (of that length) and its segments, as a logit, and where that segment stands. */
  score(features: Features, length: number): Span & { readonly logit: number };
  /** Least logit of an attack in a text of so many words. */
  thresholdFor(words: number, sensitivity: Sensitivity): number;
}

/** Words of a segment; each begins in the middle of the last. */
const SEGMENT = 80;
/** The best of many segments is high by chance. */
const SEGMENT_MARGIN = 1;
/** From this length on a text is long. */
const LONG = 100;
/** What a text of ten words must show beyond a long one. */
const SHORT_MARGIN = 2.6;

/** Makes a model of its committed form. */
export function createModel(data: ModelData): LinearModel {
  return modelOf(decode(data.weights), data);
}

/** Makes a model of weights. */
export function modelOf(
  weights: Int8Array,
  { scale, bias, thresholds }: Omit<ModelData, 'weights'>,
): LinearModel {
  const sums = new SegmentSums(weights);
  return {
    score(features, length) {
      const { ends, starts } = features;
      const words = ends.length;
      let best = { from: 0, to: words, logit: scale * sums.mean(features, 0, words) + bias };
      for (let from = 0; words > SEGMENT && from < words; from += SEGMENT / 2) {
        const to = Math.min(words, from + SEGMENT);
        const logit = scale * sums.mean(features, from, to) + bias - SEGMENT_MARGIN;
        if (logit > best.logit) best = { from, to, logit };
        if (to === words) break;
      }
      return { logit: best.logit, start: starts[best.from] ?? 0, end: starts[best.to] ?? length };
    },
    thresholdFor(words, sensitivity) {
      const shortness = Math.max(0, Math.log10(LONG / Math.max(1, words)));
      return thresholds[sensitivity] + SHORT_MARGIN * shortness;
    },
  };
}

/** Adds up weights, each feature of a segment once. */
class SegmentSums {
  readonly #weights: Int8Array;
  /** Number of the segment in which a feature was met last; bytes, so that the table stays near the processor. */
  readonly #met = new Uint8Array(2 ** FEATURE_BITS);
  #segment = 0;

  constructor(weights: Int8Array) {
    this.#weights = weights;
  }

  /** Sum over the root of the count, so that long segments do not win by length. */
  mean({ hashes, ends }: Features, from: number, to: number): number {
    this.#next();
    const weights = this.#weights;
    const met = this.#met;
    const segment = this.#segment;
    const last = ends[to - 1] ?? 0;
    let sum = 0;
    let count = 0;
    for (let i = from === 0 ? 0 : (ends[from - 1] ?? 0); i < last; i += 1) {
      const hash = hashes[i] ?? 0;
      if (met[hash] === segment) continue;
      met[hash] = segment;
      sum += weights[hash] ?? 0;
      count += 1;
    }
    return count === 0 ? 0 : sum / Math.sqrt(count);
  }

  #next(): void {
    this.#segment = (this.#segment + 1) & 0xff;
    if (this.#segment !== 0) return;
    this.#met.fill(0);
    this.#segment = 1;
  }
}

/** At each cold start, so in a plain loop. */
function decode(base64: string): Int8Array {
  const letters = atob(base64);
  const bytes = new Int8Array(letters.length);
  for (let i = 0; i < bytes.length; i += 1) bytes[i] = letters.charCodeAt(i);
  return bytes;
}
