import { openDigits, touchesWord } from './digit-groups.ts';
import { CHECKED, type EntityFinder, type Group, LEFT_CONTEXT, type PersonalData, SHAPED } from './entity.ts';

const CONTEXT = /(?:ssn|social[ -]?security|soc\.? ?sec|tax ?id|itin)[^\d\n]{0,24}$/i;

/** United States social security numbers: three-two-four groups in the issued ranges; nine digits in a row need context. */
export const socialSecurityNumbers: EntityFinder = {
  entity: 'ssn',
  find: (text, at, _options, digits) =>
    digits.flatMap((run) => run.flatMap(({ start }, i) => (start < at ? [] : startingAt(text, run, i)))),
  open: (text, at) => openDigits(text, at, 9),
};

function startingAt(text: string, run: readonly Group[], first: number): PersonalData[] {
  const [a, b, c] = run.slice(first, first + 3);
  if (!a) return [];
  if (b && c && sizes(a, b, c) === '3-2-4' && b.gap === c.gap && ['-', ' ', '.', '\u2011'].includes(b.gap)) {
    return make(text, a.start, c.end);
  }
  const alone = a.end - a.start === 9 && run.length === 1;
  return alone && CONTEXT.test(text.slice(Math.max(0, a.start - LEFT_CONTEXT), a.start))
    ? make(text, a.start, a.end)
    : [];
}

const sizes = (...groups: Group[]) => groups.map((group) => group.end - group.start).join('-');

function make(text: string, start: number, end: number): PersonalData[] {
  const shown = text.slice(start, end);
  const digits = shown.replace(/\D/g, '');
  const rank = shown === digits ? SHAPED : CHECKED;
  const glued =
    touchesWord(text, start, end) || /[-.]/.test(text[start - 1] ?? '') || /-/.test(text[end] ?? '');
  return !glued && isIssued(digits) ? [{ entity: 'ssn', start, end, canonical: digits, rank }] : [];
}

/** Ranges never issued, and numbers used in advertisements. */
function isIssued(digits: string): boolean {
  const area = digits.slice(0, 3);
  if (area === '000' || area === '666' || area >= '900') return false;
  if (digits.slice(3, 5) === '00' || digits.slice(5) === '0000') return false;
  return digits !== '078051120' && digits !== '219099999';
}
