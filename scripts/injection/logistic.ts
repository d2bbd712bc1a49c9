import { FEATURE_BITS, type Features } from '#policies/prompt-injection/features.ts';
import { seeded } from './fill.ts';

/** One text of the training: its different features, what it is, and how much it counts. */
export interface Example {
  readonly hashes: Uint16Array;
  readonly attack: boolean;
  readonly weight: number;
}

/** Trained weights before they are rounded to bytes. */
export interface Weights {
  readonly weights: Float64Array;
  readonly bias: number;
}

const EPOCHS = 8;
const RATE = 0.5;
const SHRINK = 3e-4;

/** Logistic regression by AdaGrad; the order of the examples is shuffled, but the same each time. */
export function trainLogistic(examples: readonly Example[]): Weights {
  const weights = new Float64Array(2 ** FEATURE_BITS);
  const squares = new Float64Array(2 ** FEATURE_BITS).fill(1e-4);
  const order = [...examples];
  const random = seeded(7);
  let bias = 0;
  let biasSquare = 1e-4;
  for (let epoch = 0; epoch < EPOCHS; epoch += 1) {
    shuffle(order, random);
    for (const { hashes, attack, weight } of order) {
      const share = 1 / Math.sqrt(hashes.length || 1);
      const wrong = (sigmoid(sum(weights, hashes) * share + bias) - (attack ? 1 : 0)) * weight;
      biasSquare += wrong * wrong;
      bias -= (RATE * wrong) / Math.sqrt(biasSquare);
      for (const hash of hashes) {
        const slope = wrong * share + SHRINK * weights[hash]!;
        squares[hash]! += slope * slope;
        weights[hash]! -= (RATE * slope) / Math.sqrt(squares[hash]!);
      }
    }
  }
  return { weights, bias };
}

/** Weights as signed bytes; the largest few are cut so that the small ones keep their meaning. */
export function toBytes({ weights }: Weights): { bytes: Int8Array; scale: number } {
  const sizes = Float64Array.from(weights, Math.abs).sort();
  const top = sizes[Math.floor(sizes.length * 0.9995)] || 1;
  const scale = top / 127;
  return {
    bytes: Int8Array.from(weights, (w) => Math.max(-127, Math.min(127, Math.round(w / scale)))),
    scale,
  };
}

/** The different features of some words of a text. */
export function different({ hashes, ends }: Features, from: number, to: number): Uint16Array {
  const first = from === 0 ? 0 : (ends[from - 1] ?? 0);
  return Uint16Array.from(new Set(hashes.subarray(first, ends[to - 1] ?? 0)));
}

function sum(weights: Float64Array, hashes: Uint16Array): number {
  let total = 0;
  for (const hash of hashes) total += weights[hash]!;
  return total;
}

const sigmoid = (logit: number): number => 1 / (1 + Math.exp(-logit));

function shuffle<T>(list: T[], random: () => number): void {
  for (let i = list.length - 1; i > 0; i -= 1) {
    const j = Math.floor(random() * (i + 1));
    [list[i], list[j]] = [list[j]!, list[i]!];
  }
}
