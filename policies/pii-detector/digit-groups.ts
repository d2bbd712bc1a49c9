import { type Group, isDigit, isWordCode } from './entity.ts';

const GAPS = new Set([' ', '-', '.', '/', '(', ')', '\u00a0', '\u2011', '\u2013']);
const MAX_GAP = 2;

/** Splits a text into runs of digit groups: `+49 (30) 901820` is one run of three groups. */
export function digitRuns(text: string): Group[][] {
  const runs: Group[][] = [];
  let run: Group[] = [];
  let at = nextDigit(text, 0);
  while (at < text.length) {
    let end = at;
    while (end < text.length && isDigit(text.charCodeAt(end))) end += 1;
    const previous = run.at(-1);
    const gap = previous ? text.slice(previous.end, at) : '';
    if (previous && !joins(gap)) {
      runs.push(run);
      run = [];
    }
    run.push({ start: at, end, gap: run.length > 0 ? gap : '' });
    at = nextDigit(text, end);
  }
  if (run.length > 0) runs.push(run);
  return runs;
}

/**
 * Where the digits at the end of a text begin that may go on: so many groups that the number stays at or below
 * `maxDigits`. `text.length` when the text does not end in digits and separators.
 */
export function openDigits(text: string, at: number, maxDigits: number): number {
  let start = text.length;
  let digits = 0;
  let gap = 0;
  for (let i = text.length - 1; i >= at; i -= 1) {
    const code = text.charCodeAt(i);
    if (isDigit(code)) {
      digits += 1;
      gap = 0;
      if (digits > maxDigits) return start;
      start = i;
    } else if (GAPS.has(text[i] ?? '')) {
      gap += 1;
      if (gap > MAX_GAP) break;
    } else break;
  }
  return start;
}

/** A letter or digit right before or after: part of an identifier. */
export function touchesWord(text: string, start: number, end: number): boolean {
  return isPartOfWord(text, start - 1) || isPartOfWord(text, end);
}

/** A letter, digit or underscore stands here. */
export function isPartOfWord(text: string, at: number): boolean {
  const code = at >= 0 && at < text.length ? text.charCodeAt(at) : 0;
  return isWordCode(code) || code === 0x5f;
}

function joins(gap: string): boolean {
  return gap.length > 0 && gap.length <= MAX_GAP && [...gap].every((sign) => GAPS.has(sign));
}

function nextDigit(text: string, from: number): number {
  let at = from;
  while (at < text.length && !isDigit(text.charCodeAt(at))) at += 1;
  return at;
}
