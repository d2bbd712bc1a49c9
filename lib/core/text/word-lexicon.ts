import { WordFilter } from './word-filter.ts';

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

/** The words after the first one, and the list it belongs to. */
export interface Phrase {
  readonly rest: readonly string[];
  readonly list: number;
}

interface Beginning {
  readonly text: string;
  readonly lists: readonly number[];
}

/** Lists are told by their index. */
export interface CompiledLexicon {
  readonly names: readonly string[];
  readonly words: ReadonlyMap<string, readonly number[]>;
  readonly phrases: ReadonlyMap<string, readonly Phrase[]>;
  /** By their first two code units, see `bucket`. */
  readonly beginnings: ReadonlyMap<number, readonly Beginning[]>;
  readonly rulesOf: ReadonlyMap<number, readonly CompiledRule[]>;
  /** What a word must pass to be worth a look-up. */
  readonly filter: WordFilter;
}

export interface CompiledRule extends WordRule {
  readonly lists: readonly number[];
  readonly unlessList: number;
}

/** Throws when a rule names a list that is not there. */
export function compileLexicon(lexicon: Lexicon, rules: readonly WordRule[]): CompiledLexicon {
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
  const filter = new WordFilter([...words.keys(), ...phrases.keys()], beginnings.keys());
  return { names, words, phrases, beginnings: inBuckets(beginnings), rulesOf, filter };
}

function inBuckets(beginnings: ReadonlyMap<string, readonly number[]>): Map<number, Beginning[]> {
  const buckets = new Map<number, Beginning[]>();
  const byLength = [...beginnings].sort(([a], [b]) => a.length - b.length);
  for (const [text, lists] of byLength) {
    if (text.length < 2) throw new Error(`word list: the beginning ${text}* is too short to mean anything`);
    add(buckets, bucket(text), { text, lists });
  }
  return buckets;
}

function bucket(word: string): number {
  return word.charCodeAt(0) * 0x10000 + word.charCodeAt(1);
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

const NONE: readonly number[] = [];
const NO_BEGINNINGS: readonly Beginning[] = [];

/** The lists a word stands in. */
export function lookUp(word: string, { words, beginnings }: CompiledLexicon): readonly number[] {
  let found = words.get(word) ?? NONE;
  const near = word.length < 2 ? NO_BEGINNINGS : (beginnings.get(bucket(word)) ?? NO_BEGINNINGS);
  for (const { text, lists } of near) {
    if (word.startsWith(text)) found = found.length === 0 ? lists : [...found, ...lists];
  }
  return found;
}
