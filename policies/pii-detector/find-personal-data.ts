import { withoutOverlaps } from '#core/text/local-inspector.ts';
import { cards } from './cards.ts';
import { emails } from './emails.ts';
import type { Entity, EntityFinder, PersonalData } from './entity.ts';
import { ibans } from './ibans.ts';
import { ipAddresses } from './ip-addresses.ts';
import { phones } from './phones.ts';
import { socialSecurityNumbers } from './social-security-numbers.ts';

const FINDERS: readonly EntityFinder[] = [emails, phones, cards, ibans, socialSecurityNumbers, ipAddresses];

/** Entities that cannot be in a text without a digit. */
const WITH_DIGITS = /\d/;

/** Personal data in a text, without overlaps (longer wins). */
export function findPersonalData(text: string, entities: readonly Entity[]): PersonalData[] {
  return withoutOverlaps(candidatesIn(text, 0, entities));
}

/** The same with overlaps, from `at` on. */
export function candidatesIn(text: string, at: number, entities: readonly Entity[]): PersonalData[] {
  const digits = WITH_DIGITS.test(text);
  return FINDERS.flatMap((finder) => {
    const possible = digits || finder.entity === 'email';
    return possible && entities.includes(finder.entity) ? finder.find(text, at) : [];
  });
}

/** Where something unfinished of any of the entities begins. */
export function openPersonalData(text: string, at: number, entities: readonly Entity[]): number {
  return FINDERS.reduce(
    (first, finder) => (entities.includes(finder.entity) ? Math.min(first, finder.open(text, at)) : first),
    text.length,
  );
}
