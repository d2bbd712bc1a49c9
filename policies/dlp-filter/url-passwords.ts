import { isStandIn } from './randomness.ts';
import type { Secret } from './secret-rule.ts';

const MARK = '://';
/** Up to a path, a space or a quote. */
const AUTHORITY = /[^\s/?#"'`<>\\]{0,400}/y;
const LONGEST = 400;
const LONGEST_USER = 100;
/** Mark and user stand before a password. */
export const URL_CONTEXT = MARK.length + LONGEST_USER + 2;
/** What people write where a password would be. */
const WORDS =
  /^(?:pass|passwd|password|mypassword|pwd|secret|token|changeme|xxx+|\*+|\.+|pw|abc|[0-9]{1,4}|[$%{[(<].*)$/i;

/** Passwords in `scheme://user:password@host`; scheme, user and host stay readable. */
export function findUrlPasswords(text: string, at: number): Secret[] {
  const found: Secret[] = [];
  for (const { user, end } of authorities(text, at - URL_CONTEXT)) {
    const start = passwordStart(text, user, end);
    const stop = user + text.slice(user, end).lastIndexOf('@');
    if (start === undefined || start < at || stop <= start || end - user >= LONGEST) continue;
    const value = text.slice(start, stop);
    if (value === text.slice(user, start - 1)) continue;
    if (isHost(text[stop + 1]) && !WORDS.test(value) && !isStandIn(value)) {
      found.push({ start, end: stop, rule: 'secret.url_password' });
    }
  }
  return found;
}

/** Where a password begins that the end of the text may still belong to. */
export function openUrlPassword(text: string, at: number): number {
  for (const { user, end } of authorities(
    text,
    Math.max(at - URL_CONTEXT, text.length - LONGEST - URL_CONTEXT),
  )) {
    if (end !== text.length) continue;
    const start = passwordStart(text, user, end);
    if (start !== undefined && start >= at && start < text.length) return start;
  }
  return text.length;
}

function* authorities(text: string, from: number): Generator<{ user: number; end: number }> {
  for (let at = text.indexOf(MARK, from); at >= 0; at = text.indexOf(MARK, at + 1)) {
    const user = at + MARK.length;
    AUTHORITY.lastIndex = user;
    AUTHORITY.test(text);
    yield { user, end: AUTHORITY.lastIndex };
  }
}

function passwordStart(text: string, user: number, end: number): number | undefined {
  const colon = text.slice(user, Math.min(end, user + LONGEST_USER + 1)).indexOf(':');
  return colon < 0 ? undefined : user + colon + 1;
}

const isHost = (sign: string | undefined) => sign !== undefined && /[A-Za-z0-9[]/.test(sign);
