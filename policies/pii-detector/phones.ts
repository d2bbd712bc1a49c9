import { parsePhoneNumberFromString } from 'libphonenumber-js/min';
import { digitRuns, type Group, isPartOfWord, openDigits } from './digit-groups.ts';
import { type EntityFinder, LEFT_CONTEXT, type PersonalData } from './entity.ts';

const MAX_DIGITS = 15;
const CONTEXT =
  /(?:phone|tel|telephone|telefon|telefono|teléfono|telefone|téléphone|mobile|mobil|handy|móvil|movil|portable|cell|fax|whatsapp|sms|call me|dial|anrufen|rufnummer|appelez|llame|hotline)\b[^\d\n]{0,20}$/i;

/**
 * Phone numbers: international ones confirmed by the numbering plans, North American ones by their shape, other national
 * ones only after a word such as "phone".
 */
export const phones: EntityFinder = {
  entity: 'phone',
  find: (text, at) => digitRuns(text).flatMap((run) => inRun(text, run, at)),
  open(text, at) {
    const start = openDigits(text, at, MAX_DIGITS + 2);
    return leadStart(text, start, at);
  },
};

function inRun(text: string, run: readonly Group[], at: number): PersonalData[] {
  const found: PersonalData[] = [];
  let first = run.findIndex((group) => group.start >= at);
  if (first < 0) return [];
  while (first < run.length) {
    const phone = startingAt(text, run, first, at);
    if (phone) {
      found.push(phone.data);
      first = phone.last + 1;
    } else first += 1;
  }
  return found;
}

interface Found {
  readonly data: PersonalData;
  readonly last: number;
}

/** The longest number that begins with this group. */
function startingAt(text: string, run: readonly Group[], first: number, at: number): Found | undefined {
  const begin = run[first];
  if (!begin) return undefined;
  const start = leadStart(text, begin.start, at);
  if (start === begin.start && !mayBegin(text, run, first)) return undefined;
  const named = () => CONTEXT.test(text.slice(Math.max(0, start - LEFT_CONTEXT), start));
  const continues = /\d[ \-./()\u00a0]{1,2}$/.test(text.slice(Math.max(0, start - 3), start));
  for (let last = lastWithin(run, first); last >= first; last -= 1) {
    const end = run[last]?.end ?? 0;
    if (isPartOfWord(text, start - 1) || (isPartOfWord(text, end) && text[end] !== 'x')) continue;
    if (isPartOfNumber(text, start, end)) continue;
    const canonical = confirm(text.slice(start, end), run.slice(first, last + 1), named, continues);
    if (canonical) return { last, data: { entity: 'phone', start, end, canonical } };
  }
  return undefined;
}

/** A single digit begins no number, except the 1 before a North American area code. */
function mayBegin(text: string, run: readonly Group[], first: number): boolean {
  const [begin, next] = [run[first], run[first + 1]];
  if (!begin || begin.end - begin.start > 1) return true;
  return text[begin.start] === '1' && next !== undefined && next.end - next.start === 3;
}

function lastWithin(run: readonly Group[], first: number): number {
  let digits = 0;
  let last = first;
  for (let i = first; i < run.length; i += 1) {
    const group = run[i];
    if (!group) break;
    digits += group.end - group.start;
    if (digits > MAX_DIGITS + 2) break;
    last = i;
  }
  return last;
}

/** `+`, `(` and `+(` belong to the number. */
function leadStart(text: string, digitsStart: number, floor: number): number {
  let start = digitsStart;
  if (start > floor && text[start - 1] === '(') start -= 1;
  if (start > floor && text[start - 1] === '+') start -= 1;
  return start;
}

/** A decimal, a date or a longer identifier around it. */
function isPartOfNumber(text: string, start: number, end: number): boolean {
  const before = text.slice(Math.max(0, start - 2), start);
  const after = text.slice(end, end + 1);
  return /[\d][.,/:-]$/.test(before) || /[$€£#=/_]$/.test(before) || /^[%/:=_]/.test(after);
}

/** `continues`: more digits stand right before, so only a shape of its own makes this a number of its own. */
function confirm(
  shown: string,
  groups: readonly Group[],
  named: () => boolean,
  continues: boolean,
): string | undefined {
  const digits = shown.replace(/\D/g, '');
  if (digits.length < 7 || digits.length > MAX_DIGITS + 2) return undefined;
  const international = continues ? shown : shown.replace(/^\(?00/, '+');
  if (international.startsWith('+') || international.startsWith('(+')) return byPlan(international);
  if (isNorthAmerican(shown, digits)) return `+1${digits.slice(-10)}`;
  if (continues || !isNational(digits, groups)) return undefined;
  return hasTrunkZero(digits, groups) || named() ? digits : undefined;
}

function byPlan(shown: string): string | undefined {
  const digits = shown.replace(/\D/g, '');
  if (digits.length < 8 || digits.length > MAX_DIGITS) return undefined;
  return parsePhoneNumberFromString(`+${digits}`)?.isPossible() ? `+${digits}` : undefined;
}

/** `0688 872 49 99`: a trunk zero and two groups or more need no word before them. */
function hasTrunkZero(digits: string, groups: readonly Group[]): boolean {
  const first = (groups[0]?.end ?? 0) - (groups[0]?.start ?? 0);
  return (
    groups.length > 1 && /^0[1-9]/.test(digits) && digits.length >= 9 && digits.length <= 12 && first <= 5
  );
}

/** `(212) 555-0123`, `212-555-0123`, `1.212.555.0123`. */
function isNorthAmerican(shown: string, digits: string): boolean {
  if (digits.length !== 10 && !(digits.length === 11 && digits.startsWith('1'))) return false;
  return /^(?:1[-. ])?(?:\([2-9]\d{2}\) ?|[2-9]\d{2}[-. \u2011\u00a0])[2-9]\d{2}[-. \u2011\u00a0]\d{4}$/.test(
    shown,
  );
}

/** Seven digits or more that do not look like a date. */
function isNational(digits: string, groups: readonly Group[]): boolean {
  const sizes = groups.map((group) => group.end - group.start);
  const isDate = sizes.length === 3 && sizes.includes(4) && digits.length <= 8;
  return digits.length <= 13 && !isDate && sizes.every((size) => size >= 2) && !/^(\d)\1+$/.test(digits);
}
