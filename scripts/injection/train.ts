import { type Features, featuresOf } from '#policies/prompt-injection/features.ts';
import { type LinearModel, modelOf, type Sensitivity } from '#policies/prompt-injection/model.ts';
import { excessOf } from '#policies/prompt-injection/weigh.ts';
import { type Document, foldOf, ROLE_PROMPTS } from './documents.ts';
import { different, type Example, toBytes, trainLogistic } from './logistic.ts';

/** Beginnings of texts are enough to learn from. */
const MAX_LENGTH = 4000;
const SEGMENT = 80;

/** A model without thresholds: zero, which is what they are calibrated against. */
export interface Trained {
  readonly bytes: Int8Array;
  readonly scale: number;
  readonly bias: number;
}

/** Learns from whole texts, from the segments of harmless ones and from the first segment of attacks. */
export function train(documents: readonly Document[]): Trained {
  const weights = trainLogistic(documents.flatMap(toExamples));
  return { ...toBytes(weights), bias: weights.bias };
}

export function toModel({ bytes, scale, bias }: Trained, thresholds = ZERO): LinearModel {
  return modelOf(bytes, { scale, bias, thresholds });
}

const ZERO: Readonly<Record<Sensitivity, number>> = { low: 0, balanced: 0, high: 0 };

function toExamples({ text, attack, weight }: Document): Example[] {
  const features = featuresOf(text.slice(0, MAX_LENGTH));
  const words = features.ends.length;
  const whole = { hashes: different(features, 0, words), attack, weight };
  if (words <= SEGMENT) return [whole];
  const segments = segmentsOf(features, attack ? SEGMENT : words);
  const share = attack ? weight / 2 : weight / Math.sqrt(segments.length);
  return [whole, ...segments.map((hashes) => ({ hashes, attack, weight: share }))];
}

function segmentsOf(features: Features, words: number): Uint16Array[] {
  const segments: Uint16Array[] = [];
  for (let from = 0; from < words; from += SEGMENT / 2) {
    const to = Math.min(words, from + SEGMENT);
    segments.push(different(features, from, to));
    if (to === words) break;
  }
  return segments;
}

/** False positives that a sensitivity may cost, on ordinary text and on role prompts. */
const BUDGETS = {
  low: { ordinary: 0.002, roles: 0.01 },
  balanced: { ordinary: 0.008, roles: 0.035 },
  high: { ordinary: 0.02, roles: 0.08 },
} as const;

/** Thresholds that keep the budgets on documents the model of their fold has not seen. */
export function calibrate(documents: readonly Document[]): Record<Sensitivity, number> {
  const excess = new Map<Document, number>();
  for (let fold = 0; fold < 5; fold += 1) {
    const model = toModel(train(documents.filter((document) => foldOf(document) !== fold)));
    for (const document of documents) {
      if (foldOf(document) === fold) excess.set(document, excessOf(model, document.text));
    }
  }
  const of = (wanted: (document: Document) => boolean) =>
    documents.filter(wanted).map((document) => excess.get(document) ?? 0);
  const ordinary = of((document) => document.ordinary);
  const roles = of(({ set }) => set === ROLE_PROMPTS);
  const pick = (sensitivity: Sensitivity) => {
    const budget = BUDGETS[sensitivity];
    return Math.max(exceeded(ordinary, budget.ordinary), exceeded(roles, budget.roles));
  };
  return { low: pick('low'), balanced: pick('balanced'), high: pick('high') };
}

/** The value that only this share of values is above. */
function exceeded(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => b - a);
  const found = sorted[Math.floor(share * sorted.length)] ?? 0;
  return Math.ceil((Number.isFinite(found) ? found : 0) * 1000 + 1) / 1000;
}
