import type { Span } from '#core/policy/policy.ts';
import { normalizeText } from './normalize.ts';

/** Words of scripts written without spaces count letter by letter. */
const ALONE = String.raw`[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}]`;
const JOINED = String.raw`[[\p{L}\p{N}\p{M}\u00ad\u200b-\u200d\u2060\ufeff]--${ALONE}]`;
const WORD = new RegExp(`${ALONE}|${JOINED}+`, 'gv');
/** Signs and spaces between two words of a phrase. */
export const MAX_GAP = 3;
/** Longer words are compared by their beginning only, and kept back no longer than this. */
export const MAX_WORD = 64;

/** A word in normal form, and where it stands. */
export interface Word extends Span {
  readonly text: string;
}

/** Every word of a text. */
export function wordsOf(text: string): Word[] {
  return Array.from(text.matchAll(WORD), ({ 0: word, index }) => ({
    text: plainWord(word.slice(0, MAX_WORD + 1)),
    start: index,
    end: index + word.length,
  }));
}

const ASCII = /^[!-~]*$/;
const letters = new Map<string, string>();
const MAX_LETTERS = 10_000;

/** Single letters of other scripts come again and again, so they are worth remembering. */
function plainWord(word: string): string {
  if (ASCII.test(word)) return word.toLowerCase();
  if (word.length > 1) return normalizeText(word).text;
  const known = letters.get(word);
  if (known !== undefined) return known;
  const plain = normalizeText(word).text;
  if (letters.size < MAX_LETTERS) letters.set(word, plain);
  return plain;
}
