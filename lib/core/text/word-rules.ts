import type { Span } from '#core/policy/policy.ts';

/** Word lists by name. Words are lower case and separated by spaces or line breaks; `a_b` is a phrase, `abc*` a beginning. */
export type Lexicon = Readonly<Record<string, string>>;

/** Fires when every slot (a list of the lexicon) is found within `within` words of one sentence. */
export interface WordRule {
  readonly id: string;
  /** 0..1, how much it says on its own. */
  readonly weight: number;
  readonly slots: readonly string[];
  /** Words from the first to the last slot; default 8. */
  readonly within?: number;
  /** The slots must come in this order. */
  readonly ordered?: boolean;
  /** Slots may stand in different sentences. */
  readonly acrossSentences?: boolean;
  /** No hit when a word of this list stands in the three words before the first slot, or inside. */
  readonly unless?: string;
}

export interface WordHit extends Span {
  readonly rule: string;
  readonly weight: number;
  /** Index of the word at which it fired. */
  readonly word: number;
}

/** Finds rules in a lower-case text; time is linear in the text whatever it holds. */
export interface WordMatcher {
  find(text: string): WordHit[];
}

interface Phrase {
  readonly rest: readonly string[];
  readonly list: number;
}

interface Compiled {
  readonly names: readonly string[];
  readonly words: ReadonlyMap<string, readonly number[]>;
  readonly phrases: ReadonlyMap<string, readonly Phrase[]>;
  readonly beginnings: ReadonlyMap<string, readonly number[]>;
  readonly beginningLengths: readonly number[];
  readonly rulesOf: ReadonlyMap<number, readonly CompiledRule[]>;
}

interface CompiledRule extends WordRule {
  readonly lists: readonly number[];
  readonly unlessList: number;
}

const DEFAULT_WITHIN = 8;
/** Hits of one rule that are kept: more of the same says nothing new. */
const MAX_HITS = 20;
const MAX_REMEMBERED = 20_000;
const WORD = /[\p{L}\p{N}_'’]+|[.!?。！？]|\n[ \t\r]*\n/gu;

export function compileWordRules(lexicon: Lexicon, rules: readonly WordRule[]): WordMatcher {
  const compiled = compile(lexicon, rules);
  const remembered = new Map<string, readonly number[]>();
  const listsOf = (word: string): readonly number[] => {
    const known = remembered.get(word);
    if (known) return known;
    const lists = lookUp(word, compiled);
    if (remembered.size < MAX_REMEMBERED && word.length <= 40) remembered.set(word, lists);
    return lists;
  };
  return { find: (text) => scan(text, compiled, listsOf) };
}

function compile(lexicon: Lexicon, rules: readonly WordRule[]): Compiled {
  const names = Object.keys(lexicon);
  const words = new Map<string, number[]>();
  const phrases = new Map<string, Phrase[]>();
  const beginnings = new Map<string, number[]>();
  for (const [list, name] of names.entries()) {
    for (const entry of (lexicon[name] ?? '').split(/\s+/).filter(Boolean)) {
      const [first = '', ...rest] = entry.split('_');
      if (rest.length > 0) add(phrases, first, { rest, list });
      else if (entry.endsWith('*')) add(beginnings, entry.slice(0, -1), list);
      else add(words, entry, list);
    }
  }
  const rulesOf = new Map<number, CompiledRule[]>();
  for (const rule of rules) {
    const lists = rule.slots.map((slot) => listIndex(names, slot, rule.id));
    const unlessList = rule.unless === undefined ? -1 : listIndex(names, rule.unless, rule.id);
    for (const list of new Set(lists)) add(rulesOf, list, { ...rule, lists, unlessList });
  }
  const beginningLengths = [...new Set([...beginnings.keys()].map((word) => word.length))];
  return { names, words, phrases, beginnings, beginningLengths, rulesOf };
}

function listIndex(names: readonly string[], name: string, rule: string): number {
  const index = names.indexOf(name);
  if (index < 0) throw new Error(`word rule ${rule}: there is no list ${name}`);
  return index;
}

function add<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

function lookUp(word: string, { words, beginnings, beginningLengths }: Compiled): readonly number[] {
  const found = [...(words.get(word) ?? [])];
  for (const length of beginningLengths) {
    if (word.length >= length) found.push(...(beginnings.get(word.slice(0, length)) ?? []));
  }
  return found;
}

/** Where a list was seen last. */
interface Seen {
  readonly word: Int32Array;
  readonly sentence: Int32Array;
  readonly start: Int32Array;
}

function scan(text: string, compiled: Compiled, listsOf: (word: string) => readonly number[]): WordHit[] {
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
  WORD.lastIndex = 0;
  for (const match of text.matchAll(WORD)) {
    const word = match[0];
    const start = match.index;
    if (!isWord(word)) {
      sentence += 1;
      pending.length = 0;
      continue;
    }
    const end = start + word.length;
    for (const list of listsOf(word)) note(list, index, sentence, start, end);
    advance(word, end);
    for (const phrase of compiled.phrases.get(word) ?? [])
      pending.push({ phrase, matched: 0, start, word: index });
    index += 1;
  }
  return [...hits.values()].flat();

  function advance(word: string, end: number): void {
    let kept = 0;
    for (const open of pending) {
      if (open.phrase.rest[open.matched] !== word) continue;
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
      else if (known.length < MAX_HITS) known.push(hit);
    }
  }
}

function isWord(token: string): boolean {
  return !/^[.!?。！？\n]/.test(token);
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
