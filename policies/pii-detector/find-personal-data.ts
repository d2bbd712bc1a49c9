import { withoutOverlaps } from '#core/text/local-inspector.ts';
import { cardholders } from './cardholders.ts';
import { cards } from './cards.ts';
import { digitRuns } from './digit-groups.ts';
import { emails } from './emails.ts';
import type { EntityFinder, FindOptions, PersonalData } from './entity.ts';
import { ibans } from './ibans.ts';
import { ipAddresses } from './ip-addresses.ts';
import { macAddresses } from './mac-addresses.ts';
import { findNumbers } from './numbers/find-numbers.ts';
import { openNumber } from './numbers/number-spans.ts';
import { NUMBER_ENTITIES } from './numbers/schemes.ts';
import { phones } from './phones.ts';
import { socialSecurityNumbers } from './social-security-numbers.ts';
import { wallets } from './wallets.ts';

const FINDERS: readonly EntityFinder[] = [
  emails,
  phones,
  cards,
  ibans,
  socialSecurityNumbers,
  ipAddresses,
  macAddresses,
  wallets,
  cardholders,
];

/** Entities that can be in a text without a digit. */
const WITHOUT_DIGITS: ReadonlySet<string> = new Set(['email', 'cardholder', 'mac', 'ip']);

/** Personal data in a text, without overlaps: the surer wins, then the longer. */
export function findPersonalData(text: string, options: FindOptions): PersonalData[] {
  return withoutOverlaps(candidatesIn(text, 0, options));
}

/** The same with overlaps, from `at` on. */
export function candidatesIn(text: string, at: number, options: FindOptions): PersonalData[] {
  const digits = digitRuns(text);
  const found = FINDERS.flatMap((finder) => {
    const possible = digits.length > 0 || WITHOUT_DIGITS.has(finder.entity);
    return possible && options.entities.has(finder.entity) ? finder.find(text, at, options, digits) : [];
  });
  if (digits.length > 0 && wantsNumbers(options)) found.push(...findNumbers(text, at, options, digits));
  return found;
}

/** Where something unfinished of any of the entities begins. */
export function openPersonalData(text: string, at: number, options: FindOptions): number {
  const open = FINDERS.reduce(
    (first, finder) => (options.entities.has(finder.entity) ? Math.min(first, finder.open(text, at)) : first),
    text.length,
  );
  return wantsNumbers(options) ? Math.min(open, openNumber(text, at)) : open;
}

const wantsNumbers = ({ entities }: FindOptions) => NUMBER_ENTITIES.some((entity) => entities.has(entity));
