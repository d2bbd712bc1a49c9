import { LiteralFilter } from '#core/text/literal-filter.ts';
import { compileWordRules } from '#core/text/word-rules.ts';
import { LEXICON } from './lexicon.ts';
import { WORD_RULES } from './rules.ts';
import { SIGN_RULES } from './sign-rules.ts';
import { type SignRule, UNSPACED_RULES } from './unspaced-rules.ts';

/** Evidence further apart than this many words does not add up: long documents would collect it by chance. */
const WINDOW = 250;
/** Every further family counts, but less than the strongest. */
const FURTHER = 0.6;

/** One reason, and the place in the text that was looked at. */
export interface Evidence {
  readonly rule: string;
  readonly weight: number;
  readonly start: number;
  readonly end: number;
}

export interface Judgement {
  /** 0..1. */
  readonly score: number;
  readonly evidence: readonly Evidence[];
}

interface Placed extends Evidence {
  readonly word: number;
}

const matcher = compileWordRules(LEXICON, WORD_RULES);

/** Scores a text in normal form by the rules: the best window of words, strongest variant of each family. */
export function scoreRules(text: string): Judgement {
  const placed = [...matcher.find(text), ...signs(text)].sort((a, b) => a.word - b.word);
  let best: Judgement = { score: 0, evidence: [] };
  for (const [i, first] of placed.entries()) {
    const inside: Placed[] = [];
    for (let j = i; j < placed.length; j += 1) {
      const next = placed[j];
      if (!next || next.word > first.word + WINDOW) break;
      inside.push(next);
    }
    const strongest = strongestByFamily(inside);
    const score = combine(strongest);
    if (score > best.score) best = { score, evidence: strongest };
  }
  return best;
}

const UNSPACED = /[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]/;

function signs(text: string): Placed[] {
  const hinted = [...hints.in(text)].map((hint) => HINTS[hint]?.rule);
  const rules = SIGN_RULES.filter((rule) => hinted.includes(rule));
  const unspaced = UNSPACED.test(text) ? UNSPACED_RULES.filter((rule) => isHinted(rule, text)) : [];
  return [...rules, ...unspaced].flatMap(({ id, weight, pattern }) => {
    const match = pattern.exec(text);
    if (!match) return [];
    const word = Math.floor(match.index / 6);
    return [{ rule: id, weight, start: match.index, end: match.index + match[0].length, word }];
  });
}

const HINTS = SIGN_RULES.flatMap((rule) => rule.hints.map((hint) => ({ hint, rule })));
const hints = new LiteralFilter(HINTS.map(({ hint }) => hint));

function isHinted(rule: SignRule, text: string): boolean {
  return rule.hints.some((hint) => text.includes(hint));
}

function strongestByFamily(hits: readonly Placed[]): Evidence[] {
  const families = new Map<string, Placed>();
  for (const hit of hits) {
    const family = hit.rule.split('.').slice(0, 2).join('.');
    const known = families.get(family);
    if (!known || hit.weight > known.weight) families.set(family, hit);
  }
  return [...families.values()].sort((a, b) => b.weight - a.weight);
}

function combine(strongest: readonly Evidence[]): number {
  const sum = strongest.reduce((total, { weight }, i) => total + (i === 0 ? weight : weight * FURTHER), 0);
  return Math.min(1, sum);
}
