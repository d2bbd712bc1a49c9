import type { Span } from '#core/policy/policy.ts';
import { NUMBER_ENTITIES, type NumberEntity } from './numbers/schemes.ts';

/** Kinds with a finder of their own; the numbers of countries and devices come from numbers/. */
const OWN = ['email', 'phone', 'card', 'iban', 'ssn', 'ip', 'mac', 'wallet', 'cardholder'] as const;

export const ENTITIES = [...OWN, ...NUMBER_ENTITIES] as const;
export type Entity = (typeof OWN)[number] | NumberEntity;

/** Personal data as found: `canonical` is the same for every spelling of a value. */
export interface PersonalData extends Span {
  readonly entity: Entity;
  readonly canonical: string;
  /** How sure: a higher one wins where two overlap. */
  readonly rank: number;
}

/** Ranks: a check digit or a grammar confirms it; only its shape or the words before it say so. */
export const CHECKED = 2;
export const SHAPED = 1;

/** Consecutive digits, and what separates them from the group before. */
export interface Group extends Span {
  /** Up to two signs since the previous group of the same run; '' for the first group of a run. */
  readonly gap: string;
}

/** Every run of digit groups of a text; several kinds of numbers are looked for in them. */
export type DigitRuns = readonly (readonly Group[])[];

/** Finds one kind in a text, complete or still growing. Looks at most 48 code units to the left. */
export interface EntityFinder {
  readonly entity: Entity;
  /** Only what starts at or after `at`; the text before is context. */
  find(text: string, at: number, options: FindOptions, digits: DigitRuns): PersonalData[];
  /** The first position ≥ `at` of something that more text could turn into this kind; `text.length` when none. */
  open(text: string, at: number): number;
}

/** What decides about borderline cases. */
export interface FindOptions {
  readonly entities: ReadonlySet<string>;
  /** Country whose national phone numbers need no word before them. */
  readonly defaultRegion?: string | undefined;
  readonly privateIps: boolean;
  /** The text is whole: words behind a value count as well. */
  readonly whole: boolean;
}

/** Code units before a match that finders may look at, for context words. */
export const LEFT_CONTEXT = 48;

export const isDigit = (code: number) => code >= 0x30 && code <= 0x39;

/** ASCII and Latin letters, and digits. */
export function isWordCode(code: number): boolean {
  if (isDigit(code)) return true;
  const lower = code | 0x20;
  return (
    (lower >= 0x61 && lower <= 0x7a) || (code >= 0xc0 && code <= 0x24f && code !== 0xd7 && code !== 0xf7)
  );
}
