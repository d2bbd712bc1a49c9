import type { Span } from '#core/policy/policy.ts';
import { ASSIGNMENT_CONTEXT, findAssignments, openAssignment } from './assignments.ts';
import { findPrivateKeys, openPrivateKey } from './private-keys.ts';
import { SECRET_FORMATS, type SecretFormat } from './secret-formats.ts';

export interface Secret extends Span {
  readonly rule: string;
}

/** Code units before a secret that decide about it. */
export const SECRET_CONTEXT = ASSIGNMENT_CONTEXT;

/** Secrets that start at or after `at`; may overlap. */
export function findSecrets(text: string, at: number): Secret[] {
  return [
    ...SECRET_FORMATS.flatMap((format) => findFormat(format, text, at)),
    ...findPrivateKeys(text, at).map((span) => ({ ...span, rule: 'secret.private_key' })),
    ...findAssignments(text, at).map((span) => ({ ...span, rule: 'secret.assignment' })),
  ];
}

/** The first position ≥ `at` of something that more text could turn into a secret. */
export function openSecret(text: string, at: number): number {
  const formats = SECRET_FORMATS.reduce(
    (first, format) => Math.min(first, openFormat(format, text, at)),
    text.length,
  );
  return Math.min(formats, openPrefix(text, at), openPrivateKey(text, at), openAssignment(text, at));
}

function findFormat({ id, prefixes, rest, exact }: SecretFormat, text: string, at: number): Secret[] {
  const found: Secret[] = [];
  for (const prefix of prefixes) {
    for (let start = text.indexOf(prefix, at); start >= 0; start = text.indexOf(prefix, start + 1)) {
      if (isInsideWord(text, start)) continue;
      rest.lastIndex = start + prefix.length;
      const match = rest.exec(text);
      if (!match) continue;
      const end = rest.lastIndex;
      if (!exact || !isWordSign(text.charCodeAt(end))) found.push({ start, end, rule: id });
    }
  }
  return found;
}

function openFormat({ prefixes, growing }: SecretFormat, text: string, at: number): number {
  let first = text.length;
  for (const prefix of prefixes) {
    for (
      let start = text.indexOf(prefix, at);
      start >= 0 && start < first;
      start = text.indexOf(prefix, start + 1)
    ) {
      if (isInsideWord(text, start)) continue;
      growing.lastIndex = start + prefix.length;
      const match = growing.exec(text);
      if (match && start + prefix.length + match[0].length === text.length) first = start;
    }
  }
  return first;
}

const BEGINNINGS = new Set(
  SECRET_FORMATS.flatMap(({ prefixes }) => prefixes.flatMap((prefix) => beginningsOf(prefix))),
);
const LONGEST_PREFIX = Math.max(
  ...SECRET_FORMATS.flatMap(({ prefixes }) => prefixes.map((prefix) => prefix.length)),
);

function beginningsOf(prefix: string): string[] {
  return Array.from(prefix, (_, i) => prefix.slice(0, i + 1));
}

/** The text ends in the beginning of a prefix. */
function openPrefix(text: string, at: number): number {
  for (let start = Math.max(at, text.length - LONGEST_PREFIX); start < text.length; start += 1) {
    if (BEGINNINGS.has(text.slice(start)) && !isInsideWord(text, start)) return start;
  }
  return text.length;
}

/** Prefixes start a token: a letter or digit before them makes them part of something else. */
function isInsideWord(text: string, start: number): boolean {
  return start > 0 && isWordSign(text.charCodeAt(start - 1));
}

function isWordSign(code: number): boolean {
  const lower = code | 0x20;
  return (code >= 0x30 && code <= 0x39) || (lower >= 0x61 && lower <= 0x7a);
}
