import type { Span } from '#core/policy/policy.ts';
import { editDistance } from './did-you-mean.ts';
import { MAX_GAP, MAX_WORD, type Word, wordsOf } from './words.ts';

/** A word or short phrase to look for. Case, accents, look-alike letters and the signs between words do not matter. */
export interface Term {
  readonly id: string;
  readonly text: string;
}

interface TermHit extends Span {
  readonly id: string;
}

export interface TermFinder {
  /** Overlapping hits are all given. */
  find(text: string): TermHit[];
  /** The first position ≥ `at` of words that more text could complete to a term; `text.length` when none. */
  open(text: string, at: number): number;
}

interface Phrase {
  readonly id: string;
  readonly words: readonly string[];
  readonly joined: string;
  readonly distance: number;
}

/** Why a term cannot be looked for, or undefined. */
export function termProblem(text: string): string | undefined {
  const words = wordsOf(text);
  if (words.length > 12) return 'may have at most 12 words';
  const letters = words.reduce((sum, word) => sum + word.text.length, 0);
  if (letters < 2 && !/\p{Script=Han}/u.test(text)) return 'needs at least two letters or digits';
  return words.some((word) => word.text.length > MAX_WORD)
    ? `may have words of at most ${MAX_WORD} letters`
    : undefined;
}

/** `fuzzy`: edits allowed per term, but never more than a quarter of its length. */
export function createTermFinder(terms: readonly Term[], fuzzy = 0): TermFinder {
  const phrases = terms
    .map(({ id, text }) => toPhrase(id, text, fuzzy))
    .filter((phrase) => phrase.words.length > 0);
  const exact = Map.groupBy(phrases, (phrase) => phrase.words[0] ?? '');
  const loose = phrases.filter((phrase) => phrase.distance > 0);
  const beginnings = beginningsOf(phrases);
  const longest = Math.max(0, ...loose.map((phrase) => phrase.words.length));
  return {
    find(text) {
      if (phrases.length === 0) return [];
      const words = wordsOf(text);
      const hits: TermHit[] = [];
      for (const [i, word] of words.entries()) {
        for (const phrase of exact.get(word.text) ?? []) hits.push(...exactHit(phrase, words, i));
        for (const phrase of loose) hits.push(...looseHit(phrase, words, i));
      }
      return hits;
    },
    open(text, at) {
      if (phrases.length === 0) return text.length;
      const words = wordsOf(lastPart(text, at)).map((word) => shiftWord(word, lastPartStart(text, at)));
      return Math.min(
        openExact(words, exact, beginnings, text.length, at),
        openLoose(words, longest, text.length, at),
      );
    },
  };
}

function toPhrase(id: string, text: string, fuzzy: number): Phrase {
  const words = wordsOf(text).map((word) => word.text);
  const joined = words.join(' ');
  return { id, words, joined, distance: Math.min(fuzzy, Math.floor(joined.length / 4)) };
}

function beginningsOf(phrases: readonly Phrase[]): ReadonlySet<string> {
  const firsts = phrases.map((phrase) => phrase.words[0] ?? '');
  return new Set(firsts.flatMap((word) => Array.from(word, (_, i) => word.slice(0, i + 1))));
}

/** The words a phrase may take; more cannot be part of something unfinished. */
const LAST_PART = 12 * (MAX_WORD + MAX_GAP);

function lastPartStart(text: string, at: number): number {
  return Math.max(0, at - 1, text.length - LAST_PART);
}

const lastPart = (text: string, at: number) => text.slice(lastPartStart(text, at));

const shiftWord = (word: Word, by: number): Word => ({ ...word, start: word.start + by, end: word.end + by });

function exactHit(phrase: Phrase, words: readonly Word[], first: number): TermHit[] {
  for (let i = 1; i < phrase.words.length; i += 1) {
    if (words[first + i]?.text !== phrase.words[i] || !isNear(words, first + i)) return [];
  }
  return [toHit(phrase, words, first)];
}

function looseHit(phrase: Phrase, words: readonly Word[], first: number): TermHit[] {
  const count = phrase.words.length;
  let length = count - 1;
  for (let i = 0; i < count; i += 1) {
    const word = words[first + i];
    if (!word || (i > 0 && !isNear(words, first + i))) return [];
    length += word.text.length;
  }
  if (Math.abs(length - phrase.joined.length) > phrase.distance) return [];

  const joined = words
    .slice(first, first + count)
    .map((word) => word.text)
    .join(' ');
  const isExact = joined === phrase.joined;
  const isClose = !isExact && editDistance(joined, phrase.joined, phrase.distance) <= phrase.distance;
  return isClose ? [toHit(phrase, words, first)] : [];
}

function toHit(phrase: Phrase, words: readonly Word[], first: number): TermHit {
  const last = words[first + phrase.words.length - 1];
  return { id: phrase.id, start: words[first]?.start ?? 0, end: last?.end ?? 0 };
}

function isNear(words: readonly Word[], at: number): boolean {
  return (words[at]?.start ?? 0) - (words[at - 1]?.end ?? 0) <= MAX_GAP;
}

function openExact(
  words: readonly Word[],
  exact: ReadonlyMap<string, readonly Phrase[]>,
  beginnings: ReadonlySet<string>,
  length: number,
  at: number,
): number {
  for (const [i, word] of words.entries()) {
    if (word.start < at) continue;
    const isLast = i === words.length - 1;
    if (isLast && word.end === length && beginnings.has(word.text)) return word.start;
    if ((exact.get(word.text) ?? []).some((phrase) => mayGrow(phrase, words, i, length))) return word.start;
  }
  return length;
}

/** The text ends while the words from `first` on still follow the phrase. */
function mayGrow(phrase: Phrase, words: readonly Word[], first: number, length: number): boolean {
  for (let i = 1; i < phrase.words.length; i += 1) {
    const word = words[first + i];
    if (!word) return length - (words[first + i - 1]?.end ?? 0) <= MAX_GAP;
    if (!isNear(words, first + i)) return false;
    const isEnd = word.end === length;
    if (isEnd) return phrase.words[i]?.startsWith(word.text) ?? false;
    if (word.text !== phrase.words[i]) return false;
  }
  return false;
}

/** With fuzzy terms any of the last words may belong to one. */
function openLoose(words: readonly Word[], longest: number, length: number, at: number): number {
  if (longest === 0) return length;
  const last = words.at(-1);
  if (!last || length - last.end > MAX_GAP) return length;
  const first = words[Math.max(0, words.length - longest)];
  return Math.max(at, first?.start ?? length);
}
