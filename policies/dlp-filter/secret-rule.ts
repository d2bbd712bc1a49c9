import type { Span } from '#core/policy/policy.ts';

/** What a rule finds, for the documentation and for findings. */
export interface SecretRule {
  readonly id: string;
  readonly issuer: string;
  readonly description: string;
}

/** A secret and the rule that found it. */
export interface Secret extends Span {
  readonly rule: string;
}

/** Tokens that begin with signs nothing else begins with. */
export interface TokenRule extends SecretRule {
  readonly prefixes: readonly string[];
  /** See token-body.ts. */
  readonly body: string;
  readonly proof: Proof;
}

/**
 * What the body must show beside its alphabet and length. `digit`: at least one. `mixed`: capitals, small letters and
 * digits, where prefix and length alone are too common. `any`: nothing. `crc`: nothing, but right check digits at its
 * end prove the token whatever else it looks like.
 */
type Proof = 'digit' | 'mixed' | 'any' | 'crc';

/** Tokens without a prefix, known by the issuer's name near an assignment and by the form of the value. */
export interface NamedRule extends SecretRule {
  /** Lower case, as they stand in variable names and texts. */
  readonly names: readonly string[];
  /** Whole values in the notation of token-body.ts, alternatives with ` | ` between them. */
  readonly value: string;
}

/** A row of a table of tokens: id, description, prefixes with a space between them, body, proof. */
export type TokenRow = readonly [
  id: string,
  description: string,
  prefixes: string,
  body: string,
  proof?: Proof,
];

/** Rows of several issuers as rules. */
export function tokenRules(table: Readonly<Record<string, readonly TokenRow[]>>): TokenRule[] {
  return Object.entries(table).flatMap(([issuer, rows]) =>
    rows.map(([id, description, prefixes, body, proof = 'digit']) => ({
      id: `secret.${id}`,
      issuer,
      description,
      prefixes: prefixes.split(' '),
      body,
      proof,
    })),
  );
}

/** A row of a table of named values: id, description, names with a space between them, value. */
export type NamedRow = readonly [id: string, description: string, names: string, value: string];

/** Rows of several issuers as rules. */
export function namedRules(table: Readonly<Record<string, readonly NamedRow[]>>): NamedRule[] {
  return Object.entries(table).flatMap(([issuer, rows]) =>
    rows.map(([id, description, names, value]) => ({
      id: `secret.${id}`,
      issuer,
      description,
      names: names.split(' '),
      value,
    })),
  );
}
