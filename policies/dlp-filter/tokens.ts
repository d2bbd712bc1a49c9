import { hasCheckDigits } from './checksum.ts';
import { isStandInBody } from './randomness.ts';
import type { Secret, TokenRule } from './secret-rule.ts';
import { compileBody, type TokenBody } from './token-body.ts';
import { AI_TOKENS } from './tokens-ai.ts';
import { BUSINESS_TOKENS } from './tokens-business.ts';
import { CLOUD_TOKENS } from './tokens-cloud.ts';
import { CODE_TOKENS } from './tokens-code.ts';
import { isInsideRun, isWordSign, isWordStart } from './word-start.ts';

/** Every rule for tokens with a prefix. */
export const TOKEN_RULES: readonly TokenRule[] = [
  ...AI_TOKENS,
  ...CLOUD_TOKENS,
  ...CODE_TOKENS,
  ...BUSINESS_TOKENS,
];

interface Anchor {
  readonly prefix: string;
  readonly rule: TokenRule;
  readonly body: TokenBody;
}

const ANCHORS: readonly Anchor[] = TOKEN_RULES.flatMap((rule) => {
  const body = compileBody(rule.body);
  return rule.prefixes.map((prefix) => ({ prefix, rule, body }));
});

/** The keyword filter: which prefixes begin with these two signs. One look-up per word, whatever the number of rules. */
const BY_BEGINNING: ReadonlyMap<number, readonly Anchor[]> = Map.groupBy(ANCHORS, ({ prefix }) =>
  beginning(prefix, 0),
);
/** The same as a table: most places of a text need no more than a look at it. */
const BEGINS = new Uint8Array(1 << 14);
for (const pair of BY_BEGINNING.keys()) BEGINS[((pair >>> 16) << 7) ^ (pair & 0xffff)] = 1;
const BEGINNINGS = new Set(
  ANCHORS.flatMap(({ prefix }) => Array.from(prefix, (_, i) => prefix.slice(0, i + 1))),
);
const LONGEST_PREFIX = Math.max(...ANCHORS.map(({ prefix }) => prefix.length));

function beginning(text: string, at: number): number {
  return (text.charCodeAt(at) << 16) | text.charCodeAt(at + 1);
}

/** Tokens that start at or after `at`; may overlap. */
export function findTokens(text: string, at: number): Secret[] {
  const found: Secret[] = [];
  visit(text, at, ({ prefix, rule, body }, start) => {
    const from = start + prefix.length;
    body.whole.lastIndex = from;
    if (!body.whole.test(text)) return;
    const end = body.whole.lastIndex;
    if (body.bounded && isWordSign(text.charCodeAt(end))) return;
    if (isProven(rule, text.slice(from, end))) found.push({ start, end, rule: rule.id });
  });
  return found;
}

/** The first position ≥ `at` of something that more text could turn into a token. */
export function openToken(text: string, at: number): number {
  let first = openPrefix(text, at);
  visit(text, at, ({ prefix, body }, start) => {
    if (start >= first) return;
    body.growing.lastIndex = start + prefix.length;
    if (body.growing.test(text)) first = start;
  });
  return first;
}

function visit(text: string, at: number, look: (anchor: Anchor, start: number) => void): void {
  let code = text.charCodeAt(at);
  for (let start = at; start < text.length - 1; start += 1) {
    const place = (code << 7) ^ text.charCodeAt(start + 1);
    code = text.charCodeAt(start + 1);
    if (!BEGINS[place] || !isWordStart(text, start)) continue;
    const anchors = BY_BEGINNING.get(beginning(text, start));
    if (!anchors) continue;
    for (const anchor of anchors) {
      if (!text.startsWith(anchor.prefix, start) || (!anchor.body.bounded && isInsideRun(text, start)))
        continue;
      look(anchor, start);
    }
  }
}

/** The text ends in the beginning of a prefix. */
function openPrefix(text: string, at: number): number {
  for (let start = Math.max(at, text.length - LONGEST_PREFIX); start < text.length; start += 1) {
    if (isWordStart(text, start) && BEGINNINGS.has(text.slice(start))) return start;
  }
  return text.length;
}

function isProven({ proof }: TokenRule, body: string): boolean {
  if (proof === 'crc' && hasCheckDigits(body)) return true;
  if (isStandInBody(body)) return false;
  if (proof === 'mixed') return /[0-9]/.test(body) && /[a-z]/.test(body) && /[A-Z]/.test(body);
  return proof === 'any' || /[0-9]/.test(body);
}
