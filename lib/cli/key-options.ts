import { InvalidArgumentError } from 'commander';
import { ROUTES_HINT, scopedRoute } from '#core/auth/scoped-routes.ts';
import { isOneLine } from '#core/text/one-line.ts';

const UNITS = { h: 3_600_000, d: 86_400_000 } as const;
const MAX_NAMES = 100;
const MAX_CHARS = 200;

/** An app id as environments name apps. */
export function identifier(text: string): string {
  if (/^[a-z][a-z0-9-]{1,38}$/.test(text)) return text;
  throw new InvalidArgumentError('Use 2 to 39 small letters, digits and hyphens, beginning with a letter.');
}

/** App ids separated by commas. */
export function identifiers(text: string): string[] {
  return names(text).map(identifier);
}

/** `90d` or `12h` from now, or a time to come; gives ISO time. */
export function expiry(text: string): string {
  const span = /^([0-9]{1,5})([hd])$/.exec(text);
  const time = span ? Date.now() + Number(span[1]) * UNITS[span[2] as keyof typeof UNITS] : Date.parse(text);
  if (time > Date.now()) return new Date(time).toISOString();
  throw new InvalidArgumentError('Write 90d, 12h or a time to come such as 2027-11-23T10:00:00Z.');
}

/** Routes separated by commas, as they are registered. */
export function routeNames(text: string): string[] {
  return names(text).map((name) => {
    const route = scopedRoute(name);
    if (route === undefined) throw new InvalidArgumentError(`There is no route ${name}: ${ROUTES_HINT}.`);
    return route;
  });
}

/** Names separated by commas. */
export function names(text: string): string[] {
  const all = text.split(',').map((name) => name.trim());
  if (all.length <= MAX_NAMES && all.every(isName)) return all;
  throw new InvalidArgumentError('Write names separated by commas, e.g. gpt-4o,gpt-4o-mini.');
}

/** What people call something. */
export function label(text: string): string {
  const name = text.trim();
  if (isName(name)) return name;
  throw new InvalidArgumentError(
    `Write 1 to ${MAX_CHARS} characters on one line, without control characters.`,
  );
}

export function isName(text: string): boolean {
  return text !== '' && text.length <= MAX_CHARS && isOneLine(text);
}
