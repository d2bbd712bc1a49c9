import { ASSIGNMENT_CONTEXT, findAssignments, openAssignment } from './assignments.ts';
import { CURL_CONTEXT, findCurlPasswords, openCurlPassword } from './curl-passwords.ts';
import { findInfixTokens, openInfixToken } from './infix-tokens.ts';
import { findJsonWebTokens, openJsonWebToken } from './json-web-tokens.ts';
import { findPrivateKeys, openPrivateKey } from './private-keys.ts';
import { isPublishedExample } from './published-examples.ts';
import type { Secret } from './secret-rule.ts';
import { findTokens, openToken } from './tokens.ts';
import { findUrlPasswords, openUrlPassword, URL_CONTEXT } from './url-passwords.ts';

/** Code units before a secret that decide about it. */
export const SECRET_CONTEXT = Math.max(ASSIGNMENT_CONTEXT, URL_CONTEXT, CURL_CONTEXT);

/** Secrets that start at or after `at`, in order. Those that overlap are one, so that nothing of any of them stays. */
export function findSecrets(text: string, at: number): Secret[] {
  const found = [
    ...findTokens(text, at),
    ...findInfixTokens(text, at),
    ...findJsonWebTokens(text, at),
    ...findPrivateKeys(text, at).map((span) => ({ ...span, rule: 'secret.private_key' })),
    ...findUrlPasswords(text, at),
    ...findCurlPasswords(text, at),
    ...findAssignments(text, at),
  ];
  return join(found.filter(({ start, end }) => !isPublishedExample(text.slice(start, end))));
}

/** The first position ≥ `at` of something that more text could turn into a secret. */
export function openSecret(text: string, at: number): number {
  return Math.min(
    openToken(text, at),
    openInfixToken(text, at),
    openJsonWebToken(text, at),
    openPrivateKey(text, at),
    openUrlPassword(text, at),
    openCurlPassword(text, at),
    openAssignment(text, at),
  );
}

/** Under the rule of the longest; of the first one where they are alike, because general rules come last. */
function join(found: readonly Secret[]): Secret[] {
  if (found.length < 2) return [...found];
  const joined: { start: number; end: number; rule: string; longest: number }[] = [];
  for (const { start, end, rule } of found.toSorted((a, b) => a.start - b.start)) {
    const last = joined.at(-1);
    if (!last || start >= last.end) joined.push({ start, end, rule, longest: end - start });
    else {
      if (end - start > last.longest) Object.assign(last, { rule, longest: end - start });
      last.end = Math.max(last.end, end);
    }
  }
  return joined.map(({ start, end, rule }) => ({ start, end, rule }));
}
