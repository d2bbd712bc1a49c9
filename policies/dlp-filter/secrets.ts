import { ASSIGNMENT_CONTEXT, findAssignments, openAssignment } from './assignments.ts';
import { CURL_CONTEXT, findCurlPasswords, openCurlPassword } from './curl-passwords.ts';
import { findInfixTokens, openInfixToken } from './infix-tokens.ts';
import { findJsonWebTokens, openJsonWebToken } from './json-web-tokens.ts';
import { findPrivateKeys, openPrivateKey } from './private-keys.ts';
import type { Secret } from './secret-rule.ts';
import { findTokens, openToken } from './tokens.ts';
import { findUrlPasswords, openUrlPassword, URL_CONTEXT } from './url-passwords.ts';

/** Code units before a secret that decide about it. */
export const SECRET_CONTEXT = Math.max(ASSIGNMENT_CONTEXT, URL_CONTEXT, CURL_CONTEXT);

/** Secrets that start at or after `at`; may overlap. */
export function findSecrets(text: string, at: number): Secret[] {
  return [
    ...findTokens(text, at),
    ...findInfixTokens(text, at),
    ...findJsonWebTokens(text, at),
    ...findPrivateKeys(text, at).map((span) => ({ ...span, rule: 'secret.private_key' })),
    ...findUrlPasswords(text, at),
    ...findCurlPasswords(text, at),
    ...findAssignments(text, at),
  ];
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
