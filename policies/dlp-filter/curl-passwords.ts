import { isStandIn } from './randomness.ts';
import type { Secret } from './secret-rule.ts';

/** How far before the option the command may stand, on the same line. */
const REACH = 100;
const OPTION = / (?:-u|--user)[ =]["']?/g;
const ARGUMENT = /[^\s\\]{0,160}/y;
const LONGEST = 160;
const LONGEST_OPTION = 9;
/** Command, option and user stand before a password. */
export const CURL_CONTEXT = 190;
const LONGEST_USER = 60;

/** Passwords in `curl -u user:password`; the user stays readable. */
export function findCurlPasswords(text: string, at: number): Secret[] {
  const found: Secret[] = [];
  for (const { start: user, end } of curlUsers(text, at)) {
    const colon = user + text.slice(user, end).indexOf(':');
    if (colon < user || colon - user > LONGEST_USER) continue;
    const [start, stop] = credential(text, user, colon, end);
    if (start >= at && isPassword(text.slice(start, stop))) {
      found.push({ start, end: stop, rule: 'secret.curl_password' });
    }
  }
  return found;
}

/** Where an argument begins that the end of the text may still belong to. */
export function openCurlPassword(text: string, at: number): number {
  for (const { start, end } of curlUsers(text, Math.max(at, text.length - LONGEST))) {
    if (end === text.length && end > start) return Math.max(at, start);
  }
  return text.length;
}

function* curlUsers(text: string, at: number): Generator<{ start: number; end: number }> {
  const options = new RegExp(OPTION);
  options.lastIndex = Math.max(0, at - LONGEST_USER - LONGEST_OPTION - 8);
  for (let match = options.exec(text); match; match = options.exec(text)) {
    const line = text.slice(Math.max(0, match.index - REACH), match.index);
    if (!/\bcurl\b[^\n]*$/.test(line)) continue;
    ARGUMENT.lastIndex = options.lastIndex;
    ARGUMENT.test(text);
    yield { start: options.lastIndex, end: ARGUMENT.lastIndex };
  }
}

/** After the colon; a key alone may also stand before it. */
function credential(text: string, user: number, colon: number, end: number): [number, number] {
  const isEmpty = withoutQuotes(text, colon + 1, end)[0] >= withoutQuotes(text, colon + 1, end)[1];
  return isEmpty ? withoutQuotes(text, user, colon) : withoutQuotes(text, colon + 1, end);
}

function withoutQuotes(text: string, from: number, to: number): [number, number] {
  let [start, end] = [from, to];
  while (start < end && '"\''.includes(text[start] ?? '')) start += 1;
  while (end > start && '"\''.includes(text[end - 1] ?? '')) end -= 1;
  return [start, end];
}

function isPassword(value: string): boolean {
  return (
    value.length >= 6 &&
    /[0-9]/.test(value) &&
    /[A-Za-z]/.test(value) &&
    !/^[$`]/.test(value) &&
    !isStandIn(value)
  );
}
