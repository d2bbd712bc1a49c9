import type { Span } from '#core/policy/policy.ts';

const BEGIN = '-----BEGIN ';
const HEADER = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/y;
const FOOTER = /[\s\\n]{0,8}-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/y;
const GROWING_HEADER = /-----BEGIN [A-Z0-9 ]{0,52}-{0,5}/y;
/** Prose about keys has no such words. */
const LINE = /[A-Za-z0-9+/=]{16}/;
/** RSA 16384 in PEM. */
const MAX_BODY = 13_000;
const MAX_FOOTER = 80;

/** PEM private keys, complete or cut off: from the first line to the last, or as far as the key goes. */
export function findPrivateKeys(text: string, at: number): Span[] {
  const spans: Span[] = [];
  let from = text.indexOf(BEGIN, at);
  while (from >= 0) {
    const end = keyEnd(text, from);
    if (end !== undefined) spans.push({ start: from, end });
    from = text.indexOf(BEGIN, end ?? from + 1);
  }
  return spans;
}

/** Where an unfinished key begins. */
export function openPrivateKey(text: string, at: number): number {
  const dashes = dashStart(text, at);
  for (let from = text.indexOf(BEGIN, at); from >= 0; from = text.indexOf(BEGIN, from + 1)) {
    GROWING_HEADER.lastIndex = from;
    if (GROWING_HEADER.exec(text)?.[0].length === text.length - from) return from;
    const body = bodyStart(text, from);
    if (body !== undefined && mayGo(text, body)) return from;
  }
  return dashes;
}

/** The text ends in a part of `-----BEGIN `. */
function dashStart(text: string, at: number): number {
  for (let length = Math.min(BEGIN.length, text.length - at); length > 0; length -= 1) {
    if (text.endsWith(BEGIN.slice(0, length))) return text.length - length;
  }
  return text.length;
}

function bodyStart(text: string, from: number): number | undefined {
  HEADER.lastIndex = from;
  const header = HEADER.exec(text);
  return header ? from + header[0].length : undefined;
}

function bodyEnd(text: string, start: number): number {
  let end = start;
  while (end < text.length && end - start < MAX_BODY && isBody(text.charCodeAt(end))) end += 1;
  return end;
}

function mayGo(text: string, body: number): boolean {
  const end = bodyEnd(text, body);
  if (end - body >= MAX_BODY) return false;
  const footer = text.slice(end);
  return (
    footer.length < MAX_FOOTER && /^-{0,5}(?:-----E|-----EN|-----END[A-Z0-9 ]{0,53}-{0,5})?$/.test(footer)
  );
}

function keyEnd(text: string, from: number): number | undefined {
  const body = bodyStart(text, from);
  if (body === undefined) return undefined;
  const end = bodyEnd(text, body);
  for (let at = end; at >= Math.max(body, end - 8); at -= 1) {
    FOOTER.lastIndex = at;
    const footer = FOOTER.exec(text);
    if (footer) return at + footer[0].length;
  }
  const key = text.slice(body, end).trimEnd();
  return LINE.test(key) ? body + key.length : undefined;
}

/** Base64, line ends (also escaped), and the signs of PEM headers such as `Proc-Type: 4,ENCRYPTED`. */
function isBody(code: number): boolean {
  const lower = code | 0x20;
  const alnum = (code >= 0x30 && code <= 0x39) || (lower >= 0x61 && lower <= 0x7a);
  return alnum || ' \n\r\t+/=\\,:'.includes(String.fromCharCode(code));
}
