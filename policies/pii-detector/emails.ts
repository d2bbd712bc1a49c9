import { CHECKED, type EntityFinder, isWordCode, type PersonalData } from './entity.ts';

/** RFC 5321 limits. */
const MAX_LOCAL = 64;
const MAX_DOMAIN = 253;
const MAX_LABEL = 63;
/** Code units between two `@` that stand close; within the left context of the inspector. */
const MAX_BEFORE = 130;
/** Names of picture files such as `logo@2x.png`. */
const NOT_A_TLD = new Set(['png', 'jpg', 'jpeg', 'gif', 'svg', 'webp', 'ico', 'pdf']);
/** Addresses of machines that many documents hold. */
const NOT_A_PERSON = new Set(['git', 'noreply', 'no-reply']);

/** Works outwards from each `@`, so that no text makes it slow. */
export const emails: EntityFinder = {
  entity: 'email',
  find(text, from) {
    const found: PersonalData[] = [];
    for (let at = text.indexOf('@', from); at >= 0; at = text.indexOf('@', at + 1)) {
      const email = around(text, at, endBefore(text, at));
      if (email && email.start >= from) found.push(email);
    }
    return found;
  },
  open(text, at) {
    let start = text.length;
    const floor = Math.max(at, text.length - MAX_LOCAL - MAX_DOMAIN - 2);
    const domainStart = backOver(text, text.length, floor, isDomainCode);
    if (domainStart > floor && text[domainStart - 1] === '@') {
      start = backOver(text, domainStart - 1, Math.max(at, domainStart - MAX_LOCAL - 2), isLocalCode);
      if (start < domainStart - 1) return start;
    }
    start = backOver(text, text.length, Math.max(at, text.length - MAX_LOCAL - 1), isLocalCode);
    return text.length - start > MAX_LOCAL ? text.length : start;
  },
};

/** Where the address right before this `@` ends. Looked up afresh, so that it does not matter where a search began. */
function endBefore(text: string, at: number): number {
  const before = text.lastIndexOf('@', at - 1);
  if (at === 0 || before < 1 || at - before > MAX_BEFORE || !isLocalCode(text.charCodeAt(before - 1)))
    return 0;
  return domainEnd(text, before + 1) ?? 0;
}

function around(text: string, at: number, floor: number): PersonalData | undefined {
  let start = backOver(text, at, Math.max(floor, at - MAX_LOCAL - 1), isLocalCode);
  if (at - start > MAX_LOCAL) return undefined;
  while (start < at && !isWordCode(text.charCodeAt(start)) && text[start] !== '_') start += 1;
  if (start === at || text[at - 1] === '.') return undefined;
  const end = domainEnd(text, at + 1);
  if (end === undefined || NOT_A_PERSON.has(text.slice(start, at).toLowerCase())) return undefined;
  return { entity: 'email', start, end, canonical: text.slice(start, end).toLowerCase(), rank: CHECKED };
}

function backOver(text: string, from: number, floor: number, belongs: (code: number) => boolean): number {
  let at = from;
  while (at > floor && belongs(text.charCodeAt(at - 1))) at -= 1;
  return at;
}

/** `.`, `_`, `%`, `+`, `-`, `'`, `&` and letters. */
function isLocalCode(code: number): boolean {
  return (
    isWordCode(code) ||
    (code >= 0x25 && code <= 0x27) ||
    code === 0x2b ||
    code === 0x2d ||
    code === 0x2e ||
    code === 0x5f
  );
}

const isLabelCode = (code: number) => isWordCode(code) || code === 0x2d;
const isDomainCode = (code: number) => isLabelCode(code) || code === 0x2e;

/** Two labels or more, the last a plausible top-level domain; undefined when this is no domain. */
function domainEnd(text: string, start: number): number | undefined {
  let end = start;
  let labels = 0;
  let last = '';
  for (let at = start; at - start <= MAX_DOMAIN; at = end + 1) {
    const next = labelEnd(text, at);
    if (next === at) break;
    last = text.slice(at, next).toLowerCase();
    labels += 1;
    end = next;
    if (text[end] !== '.') break;
  }
  const isTld = /^(?:[a-z]{2,24}|xn--[a-z0-9-]{2,59})$/.test(last) && !NOT_A_TLD.has(last);
  return labels >= 2 && isTld && end - start <= MAX_DOMAIN ? end : undefined;
}

function labelEnd(text: string, start: number): number {
  let end = start;
  while (end < text.length && end - start <= MAX_LABEL && isLabelCode(text.charCodeAt(end))) end += 1;
  while (end > start && text[end - 1] === '-') end -= 1;
  return end - start > MAX_LABEL ? start : end;
}
