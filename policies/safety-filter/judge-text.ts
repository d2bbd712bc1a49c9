import type { Span } from '#core/policy/policy.ts';
import { compileWordRules } from '#core/text/word-rules.ts';
import { LEXICON } from './lexicon.ts';
import { probability, scoreRequest } from './request-model.ts';
import { RULES } from './rules.ts';

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
const MAX_SENTENCE = 400;

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
    .filter((hit) => !hit.rule.startsWith('hate.') || !isCondemned(text, hit))
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

/** Somebody quotes hate to speak against it, or denies it. */
function isCondemned(text: string, hit: Span): boolean {
  const said = text.slice(hit.start, hit.end + AFTERTHOUGHT);
  return DENIAL.test(said) || CONDEMNATION.test(sentenceAround(text, hit)) || isMentioned(text, hit);
}

/** In quotation marks, in a sentence that says something about it and does not ask to have it written. */
function isMentioned(text: string, { start, end }: Span): boolean {
  const head = text.slice(Math.max(0, start - MAX_SENTENCE / 2), start);
  const before = head.slice(head.lastIndexOf('\n') + 1);
  const [quoted = '', after = ''] = text.slice(end, end + MAX_SENTENCE / 2).split(QUOTE, 2);
  const frame = before.slice(0, Math.max(0, before.search(LAST_QUOTE))) + (after.split('\n')[0] ?? '');
  const isInside = before.split(QUOTE).length % 2 === 0 && quoted.length < MAX_SENTENCE / 2;
  return isInside && !quoted.includes('\n') && OWN_WORDS.test(frame) && !ASKED_FOR.test(frame);
}

const QUOTE = /["“”„«»]/;
const LAST_QUOTE = /["“”„«»][^"“”„«»]*$/;
/** Three of them. */
const OWN_WORDS = /\p{L}{2,}\P{L}+\p{L}{2,}\P{L}+\p{L}{2,}/u;
const ASKED_FOR =
  /\b(?:write|post|tweet|repeat|print|translate|create|make|generate|draw|put|add|send|shout|spread|share|design|continue|complete|i (?:say|think|believe|agree)|as i|true|right|so right)\b/;

const DENIAL =
  /\b(?:do|does|did|are|is) not (?!just|only|our|human|fully)|should (?:not|never) be (?:killed|hurt|tortured|called)|opposite of| (?:nicht|niet|pas)\b/;
/** "Ich hasse sie nicht": some languages deny last. */
const AFTERTHOUGHT = 6;
const CONDEMNATION =
  /dehumani[sz]ing|hurtful|misguided|unacceptable|disgraceful|bigot|get you banned|thing to say|(?:saying|statements?|stuff|things|comments?|posts?|threats) (?:that|like|such as)|(?:anybody|anyone|people|those|politicians?) (?:who|that) (?:say|claim|think|believe|treat|hate|call|tell)|people saying|call out|you're telling|writing that|(?:has|have|needs?) to stop|must(?: not|n't) get away|never (?:tolerate|support|accept)|not (?:tolerate|accept)|can't seriously|your (?:obvious |open )?(?:contempt|hatred)|(?:open|obvious) (?:contempt|hatred) for|(?:no puedes|nao se pode|non puoi) (?:creer|acreditar|credere)|nunca (?:dije|disse|deberiamos)|habe nie|non ho mai|n'ai jamais|insist(?:iendo|indo|ere|ent|ing)|volhouden/;

function sentenceAround(text: string, { start, end }: Span): string {
  const before = text.slice(Math.max(0, start - MAX_SENTENCE / 2), start);
  const after = text.slice(end, end + MAX_SENTENCE / 2);
  const stop = after.search(/[.!?\n。！？]/);
  return (
    before.slice(lastEnd(before) + 1) +
    text.slice(start, Math.min(end, start + MAX_SENTENCE)) +
    after.slice(0, stop < 0 ? undefined : stop + 1)
  );
}

function lastEnd(text: string): number {
  return Math.max(...['.', '!', '?', '\n', '。', '！', '？'].map((sign) => text.lastIndexOf(sign)));
}
