/** What a placeholder calls a number. */
type NumberLabel =
  | 'NATIONALID'
  | 'TAXID'
  | 'HEALTHID'
  | 'PASSPORT'
  | 'LICENCE'
  | 'ACCOUNT'
  | 'DEVICE'
  | 'VEHICLE'
  | 'CVV'
  | 'EXPIRY'
  | 'BIRTHDATE';

/** How one kind of number is written, checked and recognised. */
export interface NumberScheme {
  readonly label: NumberLabel;
  /** ISO 3166 country; absent for international numbers. */
  readonly region?: string;
  /** Lengths without separators. */
  readonly size: readonly number[];
  /** The number in capitals without separators. */
  readonly shape: RegExp;
  /** Check digits, dates, ranges. */
  readonly valid?: (compact: string) => boolean;
  /** Spellings so specific that they need no word before them; on the number as written. */
  readonly bare?: RegExp;
  /** What the number must pass besides where no word announces it: check digits that some holders' numbers do not keep. */
  readonly bareValid?: (compact: string) => boolean;
  /** Words that announce it: a regular expression's alternatives, matched without regard to case. */
  readonly words: string;
}

/** A family of schemes by entity name. */
export type Schemes = Readonly<Record<string, NumberScheme>>;

/** Lengths from `first` to `last`. */
export const sizes = (first: number, last: number): number[] =>
  Array.from({ length: last - first + 1 }, (_, i) => first + i);
