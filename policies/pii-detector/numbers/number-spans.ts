import { type DigitRuns, isDigit, isWordCode } from '../entity.ts';

/** Characters of the longest number without separators (an Argentine CBU). */
const MAX_SIZE = 22;
/** A French social security number has seven. */
const MAX_GROUPS = 7;
const GAPS = new Set([' ', '-', '.', '/', '(', '\u00a0', '\u2011']);
/** An Italian codice fiscale begins with six; a group with more is a word. */
const MAX_LETTERS = 6;

/** One way to read a text from a place on: groups of letters and digits with single separators between them. */
export interface NumberSpan {
  readonly start: number;
  readonly end: number;
  /** Without separators. */
  readonly compact: string;
}

interface Reading {
  readonly spans: readonly NumberSpan[];
  /** More text could make another span of it. */
  readonly open: boolean;
}

/** Everything in a text that could be a number of some scheme, from `at` on. */
export function numberSpans(text: string, at: number, digits: DigitRuns): NumberSpan[] {
  return starts(text, at, digits).flatMap((start) => read(text, start).spans);
}

/** The first position ≥ `at` of a reading that more text could prolong; `text.length` when none. */
export function openNumber(text: string, at: number): number {
  const floor = Math.max(at, text.length - MAX_SIZE - MAX_GROUPS - 1);
  for (let start = floor; start < text.length; start += 1) {
    if (isStart(text, start) && read(text, start).open) return start;
  }
  return text.length;
}

/** Groups with a digit, and short groups of capitals right before one. */
function starts(text: string, at: number, digits: DigitRuns): number[] {
  const found: number[] = [];
  let floor = 0;
  for (const run of digits) {
    for (const group of run) {
      const start = groupStart(text, group.start, floor);
      // Right behind other digits: the same group of letters and digits.
      const isSame = start === floor && floor > 0;
      if (!isSame) found.push(...startsAt(text, start, group.start, floor).filter((one) => one >= at));
      floor = group.end;
    }
  }
  return found;
}

/** The group itself, and the lead before it. */
function startsAt(text: string, start: number, digit: number, floor: number): number[] {
  const lead = start === digit && start > floor ? groupStart(text, start - 1, floor) : start;
  const both = lead < start - 1 && isLead(text, lead, start - 1) ? [lead, start] : [start];
  return both.filter((one) => isStart(text, one));
}

/** Not in the middle of a word or of a longer number. */
function isStart(text: string, start: number): boolean {
  const before = start > 0 ? text.charCodeAt(start - 1) : 0x20;
  if (isWordCode(before) || before === 0x5f) return false;
  const joins = before === 0x2d || before === 0x2e || before === 0x2f || before === 0x2b;
  return !(joins && (before === 0x2b || isDigit(text.charCodeAt(start - 2))));
}

function read(text: string, start: number): Reading {
  const spans: NumberSpan[] = [];
  let compact = '';
  let at = start;
  for (let group = 0; group < MAX_GROUPS; group += 1) {
    const end = groupEnd(text, at, MAX_SIZE + 1);
    compact += text.slice(at, end);
    if (compact.length > MAX_SIZE || !belongs(text, at, end, group)) return { spans: spans, open: false };
    const whole = hasDigit(text, at, end) || (group > 0 && isTail(text, at, end));
    if (whole && (end === text.length || isBoundary(text, end))) spans.push({ start, end, compact });
    if (end === text.length) return { spans: spans, open: true };
    if (!GAPS.has(text[end] ?? '')) break;
    at = end + 1;
    if (at === text.length) return { spans: spans, open: true };
    if (!isAlphanumeric(text.charCodeAt(at))) break;
  }
  return { spans: spans, open: false };
}

/** The first group may be a lead; later ones hold a digit or are a check letter or two (or `TVA`, which may follow). */
function belongs(text: string, at: number, end: number, group: number): boolean {
  const letters = lettersAt(text, at, end);
  if (letters > MAX_LETTERS || (group > 0 && isWord(text, at, letters))) return false;
  if (at + letters < end || end === text.length) return true;
  return group === 0 ? isLead(text, at, end) : isTail(text, at, end);
}

/** `3 words` and no part of a number: behind a space more than two letters are capitals in all that is a number. */
function isWord(text: string, at: number, letters: number): boolean {
  return letters > 2 && text[at - 1] === ' ' && !/^[A-Z]+$/.test(text.slice(at, at + letters));
}

/** A check letter or two, `TVA` and the like, or a block of capitals inside (`12.ABC.345/01DE-35`). */
function isTail(text: string, at: number, end: number): boolean {
  if (end - at <= 2) return true;
  const letters = text.slice(at, end);
  if (/^(?:MWST|TVA|IVA|TPV)$/.test(letters)) return true;
  return text[at - 1] !== ' ' && end - at === 3 && /^[A-Z]+$/.test(letters);
}

/** Letters a group begins with. */
function lettersAt(text: string, at: number, end: number): number {
  let letter = at;
  while (letter < end && !isDigit(text.charCodeAt(letter))) letter += 1;
  return letter - at;
}

/** `PL `, `CHE-`, `x-`: a country or kind in front, a separator, and a digit if the text goes on. */
function isLead(text: string, at: number, end: number): boolean {
  if (!/^(?:[A-Z]{1,4}|[a-z]{1,2})$/.test(text.slice(at, end))) return false;
  if (end === text.length) return true;
  if (!GAPS.has(text[end] ?? '')) return false;
  return end + 1 === text.length || isDigit(text.charCodeAt(end + 1));
}

/** The number does not go on: no letter, and no separator with a digit behind it. */
function isBoundary(text: string, end: number): boolean {
  const code = text.charCodeAt(end);
  if (isWordCode(code) || code === 0x5f) return false;
  const joins = code === 0x2d || code === 0x2e || code === 0x2f;
  return !(joins && isDigit(text.charCodeAt(end + 1)));
}

function groupStart(text: string, end: number, floor: number): number {
  let start = end;
  while (start > floor && isAlphanumeric(text.charCodeAt(start - 1))) start -= 1;
  return start;
}

function groupEnd(text: string, start: number, limit = Number.POSITIVE_INFINITY): number {
  let end = start;
  while (end < text.length && end - start < limit && isAlphanumeric(text.charCodeAt(end))) end += 1;
  return end;
}

function hasDigit(text: string, start: number, end: number): boolean {
  for (let i = start; i < end; i += 1) if (isDigit(text.charCodeAt(i))) return true;
  return false;
}

function isAlphanumeric(code: number): boolean {
  const lower = code | 0x20;
  return isDigit(code) || (lower >= 0x61 && lower <= 0x7a);
}
