import type { Span } from '#core/policy/policy.ts';

/** `password = "…"`, `"api_key": "…"`, `AWS_SECRET_ACCESS_KEY=…`: a name that says secret, a sign, a value. */
const NAME =
  /(?:password|passwd|passphrase|secret[_-]?(?:access[_-]?)?key|client[_-]?secret|api[_-]?key|apikey|api[_-]?secret|access[_-]?token|auth[_-]?token|refresh[_-]?token|private[_-]?key|encryption[_-]?key|credentials?|bearer|authorization)/gi;
const LONGEST_NAME = 24;
const SIGN =
  /["'`]?[ \t]{0,3}(?:[:=]{1,2}>?|is)[ \t]{0,3}(?:(?:bearer|basic|token)[ \t]{1,3})?["'`]?|[ \t]{1,3}["'`]?/iy;
const GROWING_SIGN = /["'`]?[ \t]{0,3}(?:[:=]{0,2}>?|i|is)[ \t]{0,3}[a-z]{0,6}[ \t]{0,3}["'`]?/iy;
const VALUE = /[^\s"'`,;<>(){}[\]\\]{8,200}/y;
const GROWING_VALUE = /[^\s"'`,;<>(){}[\]\\]{0,200}/y;

/** How much a sign of the value tells: under this, it is a word or an example. */
const MIN_ENTROPY = 3.2;
const EXAMPLE =
  /example|changeme|change_me|placeholder|your[_-]|xxxx|\*\*\*|\.\.\.|dummy|sample|redacted|process\.env|os\.environ|getenv|\$\{|\{\{/i;

/** Values of assignments that look random: letters and digits mixed, high entropy. */
export function findAssignments(text: string, at: number): Span[] {
  const spans: Span[] = [];
  for (const { index, 0: name } of text.matchAll(NAME)) {
    const start = signEnd(text, index + name.length);
    if (start === undefined || start < at) continue;
    VALUE.lastIndex = start;
    const value = VALUE.exec(text)?.[0];
    if (value && isRandom(value)) spans.push({ start, end: start + value.length });
  }
  return spans;
}

/** Where an assignment begins that the end of the text may still belong to. */
export function openAssignment(text: string, at: number): number {
  for (const { index, 0: name } of text.matchAll(NAME)) {
    const after = index + name.length;
    GROWING_SIGN.lastIndex = after;
    if (after + (GROWING_SIGN.exec(text)?.[0].length ?? 0) === text.length) return Math.max(at, after);
    const start = signEnd(text, after);
    if (start === undefined) continue;
    GROWING_VALUE.lastIndex = start;
    if (start + (GROWING_VALUE.exec(text)?.[0].length ?? 0) === text.length) return Math.max(at, start);
  }
  return text.length;
}

/** Name, sign and quotes: what may stand before a value. */
export const ASSIGNMENT_CONTEXT = LONGEST_NAME + 24;

function signEnd(text: string, after: number): number | undefined {
  SIGN.lastIndex = after;
  const sign = SIGN.exec(text)?.[0];
  return sign && /[:=]|is/i.test(sign) ? after + sign.length : undefined;
}

function isRandom(value: string): boolean {
  if (!/[0-9]/.test(value) || !/[A-Za-z]/.test(value) || EXAMPLE.test(value)) return false;
  return entropy(value) >= MIN_ENTROPY;
}

/** Shannon entropy in bits per sign. */
function entropy(value: string): number {
  const counts = new Map<string, number>();
  for (const sign of value) counts.set(sign, (counts.get(sign) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / value.length) * Math.log2(count / value.length);
  return bits;
}
