import { NAMED_RULES } from './named-rules.ts';
import { entropy, isStandIn } from './randomness.ts';
import type { NamedRule } from './secret-rule.ts';
import { compileValue } from './token-body.ts';
import { isWordSign, isWordStart } from './word-start.ts';

/** What the words before an assignment say about its value. */
export interface NameContext {
  readonly issuers: readonly NamedRule[];
  /** `bare`: a key or token of anything. Undefined: only an issuer's own form counts. */
  readonly kind: 'password' | 'key' | 'bare' | undefined;
}

const PASSWORD =
  /(?:password|passwd|passphrase|passcode|passwort|kennwort|pwd|credentials?|(?:^|[^a-z])pass)[0-9]{0,3}$/i;
const KEY = new RegExp(
  '(?:secret|(?:^|[^a-z]|access|refresh|auth|api|bot|user|id)token|authorization|bearer|api[_. -]?key|' +
    '(?:access|secret|private|encryption|signing|auth|account|master|license|service|shared|webhook|session|app|admin|root|' +
    'consumer|client|hmac|jwt)[_. -]?key)[0-9]{0,3}$',
  'i',
);
/** `accessToken`, but not `jsonwebtoken`. */
const CAMEL = /Token[0-9]{0,3}$/;
/** Says no more than that something is opened with it. */
const BARE = /(?:^|[^a-z])(?:key|token)$/i;
/** Part of the protocol, or meant for everybody. */
const HARMLESS =
  /(?:next|page|paging|pagination|continuation|sync|csrf|xsrf|cursor|resume)[_-]?token$|publi(?:c|shable)|arn:aws[^\s"']*$/i;
/** What an issuer's secret is called; the issuer's name alone will do as well. */
const SECRET_WORD = /key|token|secret|pass|pwd|auth|cred|login|licen[cs]e|access[_-]?id/i;
const NOT_SECRET_WORD =
  /(?:id|name|version|sha|hash|commit|digest|checksum|url|uri|host|region|file|path|ref|rev|build|run|job)s?$/i;
const CLOSERS = /["'`\])}*\\]{0,4}[ \t]{0,12}$/;
const MAX_NAME = 64;

const compiled = NAMED_RULES.map((rule) => ({ rule, value: compileValue(rule.value) }));
const formOf = new Map(compiled.map(({ rule, value }) => [rule, value]));
const byName = Map.groupBy(
  NAMED_RULES.flatMap((rule) => rule.names.map((name) => ({ name, rule }))),
  ({ name }) => name,
);
const NAMES = [...byName.keys()].sort((a, b) => b.length - a.length).join('|');
const ANY_NAME = new RegExp(NAMES);
const EVERY_NAME = new RegExp(NAMES, 'g');

/** Undefined when nothing before the sign speaks of a secret. */
export function readName(before: string): NameContext | undefined {
  const words = trimClosers(before);
  const last = lastName(words);
  if (!last || HARMLESS.test(words)) return undefined;
  const kind = kindOf(words);
  const issuers = issuersOf(words, last);
  return kind || issuers.length > 0 ? { kind, issuers } : undefined;
}

function kindOf(words: string): NameContext['kind'] {
  if (PASSWORD.test(words)) return 'password';
  if (KEY.test(words) || CAMEL.test(words)) return 'key';
  return BARE.test(words) ? 'bare' : undefined;
}

/** The rule that a value breaks under its name, or undefined. */
export function judgeNamed({ issuers, kind }: NameContext, value: string): string | undefined {
  const issuer = issuers.find((rule) => formOf.get(rule)?.test(value));
  if (issuer && !isStandIn(value) && /[0-9:]/.test(value)) return issuer.id;
  if (kind === 'password') return isPassword(value) ? 'secret.password' : undefined;
  const isSecret = kind === 'key' ? isKey(value) : kind === 'bare' && isRandomKey(value);
  return isSecret ? 'secret.assignment' : undefined;
}

function issuersOf(words: string, last: string): NamedRule[] {
  const isSecret = SECRET_WORD.test(last);
  if (!isSecret && NOT_SECRET_WORD.test(last)) return [];
  const lower = last.toLowerCase();
  if (!isSecret && !ANY_NAME.test(lower)) return [];
  return namesIn(words)
    .filter((name) => isSecret || lower.includes(name))
    .flatMap((name) => (byName.get(name) ?? []).map(({ rule }) => rule));
}

/** Names that begin a word, also inside `camelCase`. */
function namesIn(words: string): string[] {
  const found = [...words.toLowerCase().matchAll(EVERY_NAME)];
  const begins = ({ index }: { index: number }) => {
    const before = words[index - 1] ?? ' ';
    return (
      isWordStart(words, index) ||
      /[0-9]/.test(before) ||
      (/[a-z]/.test(before) && /[A-Z]/.test(words[index] ?? ''))
    );
  };
  return [...new Set(found.filter(begins).map(([name]) => name))];
}

function lastName(words: string): string {
  let start = words.length;
  while (start > 0 && words.length - start < MAX_NAME && isNameSign(words.charCodeAt(start - 1))) start -= 1;
  return words.slice(start);
}

/** Letters, digits, `_`, `.` and `-`. */
const isNameSign = (code: number) => isWordSign(code) || code === 0x5f || code === 0x2e || code === 0x2d;

function trimClosers(before: string): string {
  return before.slice(0, CLOSERS.exec(before)?.index ?? before.length);
}

/** Letters with digits or signs; people choose them, so they need not be random. */
function isPassword(value: string): boolean {
  if (!/[A-Za-z]/.test(value) || !/[0-9!@#$%^*]/.test(value)) return false;
  return !isStandIn(value) && !isReference(value) && entropy(value) >= 2.3;
}

/** `my-app-tls-2024`: words and numbers with signs between them name something. */
const WORDS = /^(?:[A-Za-z]{1,14}|[0-9]{1,4})(?:[-_./:](?:[A-Za-z]{1,14}|[0-9]{1,4})){1,20}$/;

/** Long and mixed: what a machine made. */
function isKey(value: string): boolean {
  if (
    value.length < 16 ||
    !hasLettersAndDigits(value) ||
    isStandIn(value) ||
    isReference(value) ||
    WORDS.test(value)
  )
    return false;
  return entropy(value) >= 2.7;
}

/** So long and mixed that it can be nothing but a secret, whatever its name leaves open. */
function isRandomKey(value: string): boolean {
  return (
    RANDOM.test(value) && /[a-z]/.test(value) && /[A-Z]/.test(value) && isKey(value) && entropy(value) >= 4
  );
}

const RANDOM = /^[A-Za-z0-9_=+-]{32,200}$/;

function hasLettersAndDigits(value: string): boolean {
  return /[0-9]/.test(value) && /[A-Za-z]/.test(value);
}

/** A path, an address, a member of something, the name of another secret or an expression: it stands for a secret. */
function isReference(value: string): boolean {
  return REFERENCE.test(value) || NAME_OF_ANOTHER.test(value) || /\|\||&&/.test(value);
}

const REFERENCE = /^(?:[./~$@%]|[a-z]+:\/\/|arn:)|^[A-Za-z_][\w$]*(?:\.[A-Za-z_][\w$]*){1,6}$/;
const NAME_OF_ANOTHER = /[-_.](?:get)?(?:password|token|secret|key|credentials?)$/i;
