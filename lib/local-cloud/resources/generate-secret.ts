import { randomInt } from 'node:crypto';

/** CloudFormation's `GenerateSecretString`. */
export interface GeneratedSecret {
  readonly PasswordLength?: number;
  readonly ExcludeCharacters?: string;
  readonly ExcludeLowercase?: boolean;
  readonly ExcludeNumbers?: boolean;
  readonly ExcludePunctuation?: boolean;
  readonly ExcludeUppercase?: boolean;
  readonly IncludeSpace?: boolean;
  readonly RequireEachIncludedType?: boolean;
  /** JSON object that the password is put into … */
  readonly SecretStringTemplate?: string;
  /** … under this key. */
  readonly GenerateStringKey?: string;
}

/** A random value as Secrets Manager makes one: 32 characters of all kinds, unless told otherwise. */
export function generateSecret(wish: GeneratedSecret): string {
  const password = randomPassword(wish);
  if (wish.SecretStringTemplate === undefined || wish.GenerateStringKey === undefined) return password;
  const template = JSON.parse(wish.SecretStringTemplate) as Record<string, unknown>;
  return JSON.stringify({ ...template, [wish.GenerateStringKey]: password });
}

function randomPassword(wish: GeneratedSecret): string {
  const excluded = new Set(wish.ExcludeCharacters ?? '');
  const kinds = kindsOf(wish)
    .map((kind) => [...kind].filter((character) => !excluded.has(character)))
    .filter((kind) => kind.length > 0);
  const length = wish.PasswordLength ?? 32;
  const first = wish.RequireEachIncludedType === false ? [] : kinds.slice(0, length).map(pick);
  const all = kinds.flat();
  if (all.length === 0) throw new Error('GenerateSecretString excludes every character');
  const rest = Array.from({ length: length - first.length }, () => pick(all));
  return shuffled([...first, ...rest]).join('');
}

function kindsOf(wish: GeneratedSecret): string[] {
  return [
    wish.ExcludeLowercase ? '' : 'abcdefghijklmnopqrstuvwxyz',
    wish.ExcludeUppercase ? '' : 'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
    wish.ExcludeNumbers ? '' : '0123456789',
    wish.ExcludePunctuation ? '' : '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~',
    wish.IncludeSpace ? ' ' : '',
  ];
}

function pick(characters: readonly string[]): string {
  return characters[randomInt(characters.length)] ?? '';
}

function shuffled(items: string[]): string[] {
  for (let i = items.length - 1; i > 0; i--) {
    const j = randomInt(i + 1);
    [items[i], items[j]] = [items[j] ?? '', items[i] ?? ''];
  }
  return items;
}
