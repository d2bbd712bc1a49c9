import { isDigit, LEFT_CONTEXT } from '../entity.ts';

const LETTER = /\p{L}/u;
const ahead = new Map<string, RegExp>();
const behind = new Map<string, RegExp>();

function cached(known: Map<string, RegExp>, words: string, build: () => RegExp): RegExp {
  let pattern = known.get(words);
  if (!pattern) {
    pattern = build();
    known.set(words, pattern);
  }
  return pattern;
}

/** What stands before a number, when it holds a word right before it; most numbers follow other signs, and need no search. */
export function wordsBefore(text: string, start: number): string | undefined {
  const floor = Math.max(0, start - LEFT_CONTEXT);
  let gap = start;
  while (gap > floor && !isDigit(text.charCodeAt(gap - 1))) gap -= 1;
  const before = text.slice(floor, start);
  if (start - gap > 1 && LETTER.test(text.slice(gap, start))) return before;
  // `CVV2: 123`
  return /c[av][cnv]?2$/i.test(text.slice(floor, gap)) ? before : undefined;
}

/** The words stand at the end of a text, with no digit between them and the end. */
export function announces(words: string, before: string): boolean {
  return cached(ahead, words, () => new RegExp(`(?:${words})[^\\d]{0,32}$`, 'iu')).test(before);
}

/** A word may follow here: `943 476 5919 is my NHS number`. */
export function wordsBehind(text: string, end: number): string | undefined {
  if (text[end] !== ' ' || !LETTER.test(text.slice(end + 1, end + 3))) return undefined;
  return text.slice(end, end + LEFT_CONTEXT);
}

/** The words stand right at the beginning of a text. */
export function explains(words: string, after: string): boolean {
  const link = '(?:\\(|(?:is|är|ist|est|es|è) (?:my |the |a |your |meine? |mitt |mon |mi |il mio )?)';
  return cached(behind, words, () => new RegExp(`^ ${link}(?:${words})`, 'iu')).test(after);
}
