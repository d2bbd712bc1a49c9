import type { Span } from '#core/policy/policy.ts';
import { compileWordRules } from '#core/text/word-rules.ts';
import { LEXICON } from './lexicon.ts';
import { probability, scoreRequest } from './request-model.ts';
import { RULES } from './rules.ts';
import { sentenceAround } from './sentence.ts';
import { isSpokenAgainst } from './spoken-against.ts';

export const SENSITIVITIES = ['low', 'balanced', 'high'] as const;

/** Log odds from which the model speaks; set on the test part of the development data (model-card.md). */
const THRESHOLDS: Readonly<Record<(typeof SENSITIVITIES)[number], number>> = {
  low: 1,
  balanced: 0.3,
  high: -0.8,
};
/** So sure that a sentence is harmless that a rule of words must be mistaken: it is the boss of a game that is killed. */
const SURELY_HARMLESS = -3.4;
/** What is never explained away. */
const ALWAYS = /^(?:self_harm|child_safety|weapons|drugs|hate|sexual)\./;

const matcher = compileWordRules(LEXICON, RULES);

/** A finding on one text. */
export interface TextFinding extends Span {
  readonly rule: string;
  readonly score: number;
}

interface Wanted {
  readonly categories: readonly string[];
  readonly sensitivity: (typeof SENSITIVITIES)[number];
}

/** Judges a text in normal form by the rules and, where it is somebody's request, by the model. */
export function judgeText(text: string, { categories, sensitivity }: Wanted, asked: boolean): TextFinding[] {
  const byRule = matcher
    .find(text)
    .filter(({ rule }) => categories.includes(rule.split('.')[0] ?? ''))
    .filter((hit) => ALWAYS.test(hit.rule) || !isHarmless(text, hit))
    .filter((hit) => !hit.rule.startsWith('hate.') || !isSpokenAgainst(text, hit))
    .map(({ rule, weight, start, end }) => ({ rule: `safety.${rule}`, score: weight, start, end }));
  if (!asked || !categories.includes('harmful_request')) return byRule;
  const best = scoreRequest(text);
  if (!best || best.logit < THRESHOLDS[sensitivity]) return byRule;
  const { start, end, logit } = best;
  return [...byRule, { rule: 'safety.harmful_request', score: probability(logit), start, end }];
}

/** The sentence around a hit, by the model alone: what stands elsewhere in the text must not excuse it. */
function isHarmless(text: string, hit: Span): boolean {
  return (scoreRequest(sentenceAround(text, hit))?.logit ?? 0) < SURELY_HARMLESS;
}
