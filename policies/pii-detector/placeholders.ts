import type { ExchangeFacts } from '#core/policy/policy.ts';
import type { Entity } from './entity.ts';

/** Names inside placeholders, for entities and for an operator's own patterns. */
const NAMES: Readonly<Record<Entity | 'custom', string>> = {
  email: 'EMAIL',
  phone: 'PHONE',
  card: 'CARD',
  iban: 'IBAN',
  ssn: 'SSN',
  ip: 'IP',
  custom: 'PRIVATE',
};
const PLACEHOLDER_NAMES: readonly string[] = Object.values(NAMES);

/** `EMAIL_k3v9q2`, with or without brackets, in any case, also with Markdown's escaped underscore. */
const TOKEN = /<?(EMAIL|PHONE|CARD|IBAN|SSN|IP|PRIVATE)(\\?_)([a-z2-7]{6})(?![a-z0-9_])>?/gi;
const LONGEST = '<PRIVATE\\_aaaaaa>'.length;

export interface Token {
  readonly start: number;
  readonly end: number;
  /** As it stands in the vault: `<EMAIL_k3v9q2>`. */
  readonly name: string;
  /** Place of the underscore. */
  readonly underscore: number;
}

/** `<EMAIL_k3v9q2>`: the same for every spelling of a value, within one tenant. */
export function placeholder(entity: Entity | 'custom', canonical: string, facts: ExchangeFacts): string {
  return `<${NAMES[entity]}_${facts.pseudonym(entity, canonical)}>`;
}

/** Everything that looks like a placeholder, ours or not. */
export function findTokens(text: string): Token[] {
  return Array.from(text.matchAll(TOKEN)).flatMap((match) => {
    const [whole, name = '', line = '', code = ''] = match;
    const start = match.index;
    const letter = start + (whole.startsWith('<') ? 1 : 0);
    if (isWordSign(text[letter - 1])) return [];
    const underscore = letter + name.length + line.length - 1;
    return [
      { start, end: start + whole.length, name: `<${name.toUpperCase()}_${code.toLowerCase()}>`, underscore },
    ];
  });
}

/** The first position ≥ `at` where an unfinished placeholder begins; `text.length` when none. */
export function openToken(text: string, at: number): number {
  for (let start = Math.max(at, text.length - LONGEST); start < text.length; start += 1) {
    if (isBeginning(text, start)) return start;
  }
  return text.length;
}

function isBeginning(text: string, start: number): boolean {
  const bracket = text[start] === '<';
  if (!bracket && isWordSign(text[start - 1])) return false;
  const rest = text
    .slice(bracket ? start + 1 : start)
    .toUpperCase()
    .replace('\\', '');
  return PLACEHOLDER_NAMES.some((name) => {
    const head = `${name}_`;
    if (rest.length <= head.length) return head.startsWith(rest);
    return rest.startsWith(head) && /^[A-Z2-7]{0,6}$/.test(rest.slice(head.length));
  });
}

function isWordSign(sign: string | undefined): boolean {
  return sign !== undefined && /[A-Za-z0-9_]/.test(sign);
}
