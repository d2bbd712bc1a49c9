import type { Span } from '#core/policy/policy.ts';
import { breakEnd, isSentenceEnd, isWordAt, wordEnd } from './tokens.ts';
import {
  type CompiledLexicon,
  type CompiledRule,
  compileLexicon,
  type Lexicon,
  lookUp,
  type Phrase,
  type WordRule,
} from './word-lexicon.ts';

interface WordHit extends Span {
  readonly rule: string;
  readonly weight: number;
  /** Index of the word at which it fired. */
  readonly word: number;
}

/** Finds rules in a lower-case text; time is linear in the text whatever it holds. */
export interface WordMatcher {
  find(text: string): WordHit[];
}

const SPACE = 0x20;
const DEFAULT_WITHIN = 8;
/** So many hits of one rule are kept wherever they stand; further ones so many words apart, so that no number of them hides a later one. */
const MAX_HITS = 20;
const APART = 40;

export function compileWordRules(lexicon: Lexicon, rules: readonly WordRule[]): WordMatcher {
  const compiled = compileLexicon(lexicon, rules);
  return { find: (text) => scan(text, compiled) };
}

/** Where a list was seen last. */
interface Seen {
  readonly word: Int32Array;
  readonly sentence: Int32Array;
  readonly start: Int32Array;
}

function scan(text: string, compiled: CompiledLexicon): WordHit[] {
  const count = compiled.names.length;
  const seen: Seen = {
    word: new Int32Array(count).fill(-1_000_000),
    sentence: new Int32Array(count).fill(-1),
    start: new Int32Array(count),
  };
  const hits = new Map<string, WordHit[]>();
  /** The last words, for phrases that end here. */
  const pending: { phrase: Phrase; matched: number; start: number; word: number }[] = [];
  let index = 0;
  let sentence = 0;
  for (let at = 0; at < text.length; ) {
    if (text.charCodeAt(at) === SPACE) {
      at += 1;
      continue;
    }
    if (!isWordAt(text, at)) {
      const after = breakEnd(text, at);
      if (after > 0 || isSentenceEnd(text, at)) {
        sentence += 1;
        pending.length = 0;
      }
      at = Math.max(after, at + 1);
      continue;
    }
    const start = at;
    const end = wordEnd(text, start);
    at = end;
    // Phrases first: an excuse such as "bath bomb" must be known when the word "bomb" fires.
    if (pending.length > 0) advance(start, end);
    if (compiled.filter.mayHold(text, start, end)) look(text.slice(start, end), start, end);
    index += 1;
  }
  return [...hits.values()].flat();

  function look(word: string, start: number, end: number): void {
    for (const list of lookUp(word, compiled)) note(list, index, sentence, start, end);
    for (const phrase of compiled.phrases.get(word) ?? [])
      pending.push({ phrase, matched: 0, start, word: index });
  }

  function advance(start: number, end: number): void {
    let kept = 0;
    for (const open of pending) {
      const wanted = open.phrase.rest[open.matched] ?? '';
      if (wanted.length !== end - start || !text.startsWith(wanted, start)) continue;
      open.matched += 1;
      if (open.matched === open.phrase.rest.length)
        note(open.phrase.list, index, sentence, open.start, end, open.word);
      else pending[kept++] = open;
    }
    pending.length = kept;
  }

  function note(list: number, at: number, inSentence: number, start: number, end: number, first = at): void {
    seen.word[list] = at;
    seen.sentence[list] = inSentence;
    seen.start[list] = start;
    for (const rule of compiled.rulesOf.get(list) ?? []) {
      const from = firstSlot(rule, seen, at, inSentence);
      if (from === undefined || isExcused(rule, seen, Math.min(from.word, first))) continue;
      const known = hits.get(rule.id);
      const hit = { rule: rule.id, weight: rule.weight, start: from.start, end, word: at };
      if (!known) hits.set(rule.id, [hit]);
      else if (known.length < MAX_HITS || at - (known.at(-1)?.word ?? 0) >= APART) known.push(hit);
    }
  }
}

/** The earliest slot when all slots of the rule are near, else undefined. */
function firstSlot(
  rule: CompiledRule,
  seen: Seen,
  at: number,
  sentence: number,
): { word: number; start: number } | undefined {
  const nearest = at - (rule.within ?? DEFAULT_WITHIN);
  let word = at;
  let start = Number.MAX_SAFE_INTEGER;
  let before = -1;
  for (const list of rule.lists) {
    const here = seen.word[list] ?? -1;
    if (here < nearest) return undefined;
    if (!rule.acrossSentences && seen.sentence[list] !== sentence) return undefined;
    if (rule.ordered && here < before) return undefined;
    before = here;
    word = Math.min(word, here);
    start = Math.min(start, seen.start[list] ?? 0);
  }
  return { word, start };
}

function isExcused(rule: CompiledRule, seen: Seen, firstWord: number): boolean {
  if (rule.unlessList < 0) return false;
  return (seen.word[rule.unlessList] ?? -1) >= firstWord - 3;
}
