import { judgeNamed, type NameContext, readName } from './named-secrets.ts';
import type { Secret } from './secret-rule.ts';
import { isWordSign } from './word-start.ts';

/** Code units before the sign in which a name may stand. */
const NAME_REACH = 64;
/** The longest sign with spaces, quotes and the scheme of an `Authorization` header. */
const SIGN_REACH = 64;
/** What may stand before a value. */
export const ASSIGNMENT_CONTEXT = NAME_REACH + SIGN_REACH;

/** `name = value`, `"name": "value"`, `("name", "value")`, `--name value`, `<name>value`, `name is value`. */
const SIGN = /\??[:=>]{1,4}|["'],|\bis\b|-[A-Za-z][\w-]{2,30} /g;
const AFTER_SIGN = /\*{0,2}[ \t]{0,3}(?:(?:bearer|basic|token|apikey|digest)[ \t]{1,3})?\\?["'`]?/iy;
const QUOTED = /[^\s"'`\\]{0,512}/y;
const UNQUOTED = /[^\s"'`,;<>(){}[\]\\]{0,512}/y;
const CLOSERS = ' \t"\'`])}*\\';
const MOST_CLOSERS = 16;
const LONGEST = 512;
/** `<add key="ApiKey" value="…">`, `{ "name": "TOKEN", "value": "…" }`, also in YAML: the name stands one further left. */
const PAIR =
  /\b(?:key|name)["']?[ \t]{0,3}[:=][ \t]{0,3}["']?([\w.-]{2,40})["']?,?\s{1,10}["']?value["']?[ \t]{0,3}$/i;
const SHORTEST = 6;
/** Every secret value has one; most words after a sign have none. */
const TELLING = /[0-9:!@#$%^*]/;

interface Assignment {
  readonly sign: number;
  readonly start: number;
  readonly end: number;
}

/** Values of assignments whose name says that they are secret. */
export function findAssignments(text: string, at: number): Secret[] {
  const found: Secret[] = [];
  for (const { sign, start, end } of assignments(text, Math.max(0, at - SIGN_REACH))) {
    if (start < at || end - start < SHORTEST || !TELLING.test(text.slice(start, end))) continue;
    const name = nameBefore(text, sign);
    const value = name && withoutSentenceEnd(text.slice(start, end));
    const rule = name && value && judgeNamed(name, value);
    if (rule && !(rule === 'secret.password' && text[sign + 1] === ','))
      found.push({ start, end: start + value.length, rule });
  }
  return found;
}

/** Where the value of an assignment begins that the end of the text may still belong to. */
export function openAssignment(text: string, at: number): number {
  const from = Math.max(0, at - SIGN_REACH, text.length - LONGEST - SIGN_REACH);
  for (const { sign, start, end } of assignments(text, from)) {
    if (start >= at && end === text.length && end > start && nameBefore(text, sign)) return start;
  }
  return text.length;
}

function* assignments(text: string, from: number): Generator<Assignment> {
  const signs = new RegExp(SIGN);
  signs.lastIndex = from;
  for (let match = signs.exec(text); match; match = signs.exec(text)) {
    const sign = match[0].endsWith(' ') ? signs.lastIndex - 1 : match.index;
    if (!endsInName(text, sign)) continue;
    AFTER_SIGN.lastIndex = signs.lastIndex;
    AFTER_SIGN.test(text);
    const start = AFTER_SIGN.lastIndex;
    const run = isQuote(text[start - 1]) ? QUOTED : UNQUOTED;
    run.lastIndex = start;
    run.test(text);
    if (run.lastIndex > start) yield { sign, start, end: run.lastIndex };
  }
}

/** A quick look before the expensive one: three signs of a name, apart from quotes, brackets and spaces. */
function endsInName(text: string, sign: number): boolean {
  let at = sign - 1;
  while (at >= 0 && sign - at <= MOST_CLOSERS && CLOSERS.includes(text[at] ?? '')) at -= 1;
  return at > 1 && [0, 1, 2].every((back) => isNameSign(text.charCodeAt(at - back)));
}

const isNameSign = (code: number) => isWordSign(code) || code === 0x5f;

const isQuote = (sign: string | undefined) => sign === '"' || sign === "'" || sign === '`';

/** The name on the same line, when it says that a secret follows. */
function nameBefore(text: string, sign: number): NameContext | undefined {
  const near = text.slice(Math.max(0, sign - NAME_REACH), sign);
  const pair = PAIR.exec(near)?.[1];
  if (pair) return readName(pair);
  return readName(near.slice(near.lastIndexOf('\n') + 1));
}

/** Signs of the sentence around a value do not belong to it. */
function withoutSentenceEnd(value: string): string {
  let end = value.length;
  while (end > 0 && '.,:;!?*'.includes(value[end - 1] ?? '')) end -= 1;
  return value.slice(0, end);
}
