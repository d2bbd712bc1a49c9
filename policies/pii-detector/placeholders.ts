import type { ExchangeFacts } from '#core/policy/policy.ts';
import type { Entity } from './entity.ts';
import { NUMBER_ENTITIES, type NumberEntity, SCHEMES } from './numbers/schemes.ts';

/** What can be marked: entities found here, names and addresses found elsewhere, and an operator's own patterns. */
export type MarkedEntity = Entity | 'person' | 'address' | 'custom';

/** Names inside placeholders, for entities and for an operator's own patterns. */
const NAMES: Readonly<Record<Exclude<MarkedEntity, NumberEntity>, string>> = {
  email: 'EMAIL',
  phone: 'PHONE',
  card: 'CARD',
  iban: 'IBAN',
  ssn: 'SSN',
  ip: 'IP',
  mac: 'MAC',
  wallet: 'WALLET',
  cardholder: 'CARDHOLDER',
  person: 'PERSON',
  address: 'ADDRESS',
  custom: 'PRIVATE',
};
const PLACEHOLDER_NAMES: readonly string[] = [
  ...new Set([...Object.values(NAMES), ...NUMBER_ENTITIES.map((entity) => SCHEMES[entity].label)]),
];

/** `EMAIL_k3v9q2`, with or without brackets, in any case, also with Markdown's escaped underscore. */
const TOKEN = new RegExp(
  `<?(${[...PLACEHOLDER_NAMES].sort((a, b) => b.length - a.length).join('|')})(\\\\?_)([a-z2-7]{6})(?![a-z0-9_])>?`,
  'gi',
);
const WHOLE = new RegExp(`<(?:${PLACEHOLDER_NAMES.join('|')})_[a-z2-7]{6}>`, 'iy');
/** What every placeholder ends with, and few other texts hold. */
const CODE = /_[a-z2-7]{6}(?![a-z0-9_])/i;
const LONGEST = '<NATIONALID\\_aaaaaa>'.length;

export interface Token {
  readonly start: number;
  readonly end: number;
  /** As it stands in the vault: `<EMAIL_k3v9q2>`. */
  readonly name: string;
  /** Place of the underscore. */
  readonly underscore: number;
}

/** `EMAIL`, `NATIONALID`, …: what a placeholder of this entity begins with. */
export function nameOf(entity: MarkedEntity): string {
  return entity in NAMES ? NAMES[entity as keyof typeof NAMES] : SCHEMES[entity as NumberEntity].label;
}

/** `<EMAIL_k3v9q2>`: the same for every spelling of a value, within one tenant. */
export function placeholder(entity: MarkedEntity, canonical: string, facts: ExchangeFacts): string {
  return `<${nameOf(entity)}_${facts.pseudonym(entity, canonical)}>`;
}

/** Everything that looks like a placeholder, ours or not. */
export function findTokens(text: string): Token[] {
  if (!CODE.test(text)) return [];
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

/** Where the placeholder in brackets that begins at `start` ends; undefined when there is none. */
export function placeholderEnd(text: string, start: number): number | undefined {
  WHOLE.lastIndex = start;
  return WHOLE.test(text) ? WHOLE.lastIndex : undefined;
}

/**
 * Somebody wrote it to have a value filled in: it names a value of this exchange, or it looks generated. `phone_number`
 * and `ip_config` are neither, and stay as they are.
 */
export function isForged({ name }: Token, vault: ReadonlyMap<string, string>): boolean {
  return vault.has(name) || /_.*[2-7]/.test(name);
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
