import type { Span } from '#core/policy/policy.ts';

export const ENTITIES = ['email', 'phone', 'card', 'iban', 'ssn', 'ip'] as const;
export type Entity = (typeof ENTITIES)[number];

/** Personal data as found: `canonical` is the same for every spelling of a value. */
export interface PersonalData extends Span {
  readonly entity: Entity;
  readonly canonical: string;
}

/** Finds one kind in a text, complete or still growing. Looks at most 48 code units to the left. */
export interface EntityFinder {
  readonly entity: Entity;
  /** Only what starts at or after `at`; the text before is context. */
  find(text: string, at: number): PersonalData[];
  /** The first position ≥ `at` of something that more text could turn into this kind; `text.length` when none. */
  open(text: string, at: number): number;
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
