import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/min';
import { isPartOfWord, openDigits } from './digit-groups.ts';
import { type EntityFinder, type FindOptions, type Group, type PersonalData, SHAPED } from './entity.ts';
import { isNamedBehind, type Surroundings, surroundings } from './phone-words.ts';

const MAX_DIGITS = 15;
const MIN_DIGITS = 7;
/**
 * Phone numbers: international ones confirmed by the numbering plans, North American ones by their shape, other national
 * ones only after a word such as "phone".
 */
export const phones: EntityFinder = {
  entity: 'phone',
  find: (text, at, options, digits) => digits.flatMap((run) => inRun(text, run, at, options)),
  open(text, at) {
    const start = openDigits(text, at, MAX_DIGITS + 2);
    return leadStart(text, start, at);
  },
};

function inRun(text: string, run: readonly Group[], at: number, options: FindOptions): PersonalData[] {
  const found: PersonalData[] = [];
  let first = run.findIndex((group) => group.start >= at);
  if (first < 0) return [];
  while (first < run.length) {
    const phone = startingAt(text, run, first, at, options);
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
function startingAt(
  text: string,
  run: readonly Group[],
  first: number,
  at: number,
  options: FindOptions,
): Found | undefined {
  const begin = run[first];
  if (!begin) return undefined;
  // Where it begins must not depend on how much was settled before: a sign of it that is gone means that it was none.
  const start = leadStart(text, begin.start, 0);
  if (start < at) return undefined;
  if (start === begin.start && !mayBegin(text, run, first)) return undefined;
  if (isPartOfWord(text, start - 1)) return undefined;
  const context = surroundings(text, start, options.defaultRegion);
  let last = lastWithin(run, first);
  let size = run.slice(first, last + 1).reduce((sum, group) => sum + group.end - group.start, 0);
  for (; last >= first && size >= MIN_DIGITS; last -= 1) {
    const group = run[last];
    const end = group?.end ?? 0;
    size -= end - (group?.start ?? 0);
    if ((isPartOfWord(text, end) && text[end] !== 'x') || isPartOfNumber(text, start, end)) continue;
    const canonical = confirm(text.slice(start, end), run.slice(first, last + 1), {
      ...context,
      named: () => context.named() || (options.whole && isNamedBehind(text, end)),
      alone: () => last === run.length - 1 && context.alone(),
    });
    if (canonical) return { last, data: { entity: 'phone', start, end, canonical, rank: SHAPED } };
  }
  return undefined;
}

/** A single digit begins no number, except the 1 before a North American area code. */
function mayBegin(text: string, run: readonly Group[], first: number): boolean {
  const [begin, next] = [run[first], run[first + 1]];
  if (!begin || begin.end - begin.start > 1) return true;
  if (text[begin.start] === '0') return next !== undefined && next.gap !== '.' && next.end - next.start > 2;
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

function confirm(
  shown: string,
  groups: readonly Group[],
  { named, continues, alone, region }: Surroundings,
): string | undefined {
  const digits = shown.replace(/\D/g, '');
  if (digits.length < MIN_DIGITS || digits.length > MAX_DIGITS + 2) return undefined;
  const international = continues ? shown : shown.replace(/^\(?00/, '+');
  if (international.startsWith('+') || international.startsWith('(+')) return byPlan(international);
  if (isNorthAmerican(shown, digits)) return `+1${digits.slice(-10)}`;
  if (continues || !isNational(digits, groups)) return undefined;
  const inRegion = region === undefined || !alone() ? undefined : byRegion(digits, region);
  return inRegion ?? ((hasTrunkZero(digits, groups) && alone()) || named() ? digits : undefined);
}

/** A valid national number of the operator's own country. */
function byRegion(digits: string, region: string): string | undefined {
  if (!isSupportedCountry(region)) return undefined;
  const parsed = parsePhoneNumberFromString(digits, region as CountryCode);
  return parsed?.isValid() ? parsed.number : undefined;
}

function byPlan(shown: string): string | undefined {
  const digits = shown.replace(/\D/g, '');
  if (digits.length < 8 || digits.length > MAX_DIGITS) return undefined;
  return isPossible(digits) ? `+${digits}` : undefined;
}

/** Numbers looked up lately: a conversation repeats them in every turn, and a stream looks at the end of its text again and again. */
const lately = new Map<string, boolean>();
const MOST_REMEMBERED = 500;

function isPossible(digits: string): boolean {
  const known = lately.get(digits);
  if (known !== undefined) return known;
  const possible = parsePhoneNumberFromString(`+${digits}`)?.isPossible() ?? false;
  if (lately.size >= MOST_REMEMBERED) lately.clear();
  lately.set(digits, possible);
  return possible;
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
  const grouped = sizes.every((size, i) => size >= 2 || (i === 0 && digits.startsWith('0')));
  return digits.length <= 13 && !isDate && grouped && !/^(\d)\1+$/.test(digits);
}
