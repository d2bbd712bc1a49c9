import { featuresOf } from './features.ts';
import type { LinearModel, Sensitivity } from './model.ts';
import { type Evidence, type Judgement, scoreRules } from './score.ts';

/** Whom a text comes from decides how much it may look like an attack. */
export interface Suspicion {
  readonly sensitivity: Sensitivity;
  /** Tool results and documents: they have no business giving orders at all. */
  readonly untrusted: boolean;
}

/** What the rules must reach on their own. */
const RULES_ALONE: Readonly<Record<Sensitivity, number>> = { low: 0.95, balanced: 0.75, high: 0.5 };
const UNTRUSTED_RULES = 0.2;
const UNTRUSTED_LOGIT = 0.4;
/** Logits that a full score of the rules is worth to the model. */
const RULES_SHARE = 2.5;
/** The model needs something to read; below it rules alone decide. */
const MIN_WORDS = 4;

/** Judges a text in normal form; `undefined` when it is no attack. */
export type Weigh = (text: string, suspicion: Suspicion) => Judgement | undefined;

/** Rules first; where they are not sure, rules and model together. */
export function createWeigh(model: LinearModel): Weigh {
  return (text, { sensitivity, untrusted }) => {
    const rules = scoreRules(text);
    if (rules.score >= RULES_ALONE[sensitivity] - (untrusted ? UNTRUSTED_RULES : 0)) return rules;
    const { logit, words, evidence } = readWith(model, text);
    if (words < MIN_WORDS && rules.score === 0) return undefined;
    const weight = logit + RULES_SHARE * rules.score + (untrusted ? UNTRUSTED_LOGIT : 0);
    if (weight < model.thresholdFor(words, sensitivity)) return undefined;
    const score = 1 / (1 + Math.exp(model.thresholdFor(words, 'balanced') - weight));
    return { score, evidence: [evidence, ...rules.evidence] };
  };
}

/** How far rules and model together are above the threshold of a long text: what thresholds are calibrated on. */
export function excessOf(model: LinearModel, text: string): number {
  const { logit, words } = readWith(model, text);
  const rules = scoreRules(text).score;
  if (rules >= RULES_ALONE.balanced) return Number.POSITIVE_INFINITY;
  if (words < MIN_WORDS && rules === 0) return Number.NEGATIVE_INFINITY;
  return logit + RULES_SHARE * rules - model.thresholdFor(words, 'balanced');
}

function readWith(model: LinearModel, text: string): { logit: number; words: number; evidence: Evidence } {
  const features = featuresOf(text);
  const { logit, start, end } = model.score(features, text.length);
  const evidence = { rule: 'injection.model', weight: 1, start, end };
  return { logit, words: features.ends.length, evidence };
}
