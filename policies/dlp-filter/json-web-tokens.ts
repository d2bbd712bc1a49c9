import type { Secret } from './secret-rule.ts';
import { isInsideRun, isWordStart } from './word-start.ts';

const BEGIN = 'eyJ';
const WHOLE = /eyJ[\w-]{8,1500}\.eyJ[\w-]{4,6000}\.(?:[\w-]{16,1400})?={0,2}/y;
const GROWING =
  /eyJ(?:[\w-]{0,1500}$|[\w-]{8,1500}\.(?:e?$|ey$|eyJ(?:[\w-]{0,6000}$|[\w-]{4,6000}\.[\w-]{0,1400}={0,2}$)))/y;
/** Names that only the header of a signed or encrypted token has. */
const HEADER = /"(?:alg|typ|enc|kid)"/;

/** Signed JSON Web Tokens: three parts, of which the first is a header. */
export function findJsonWebTokens(text: string, at: number): Secret[] {
  const found: Secret[] = [];
  for (let start = text.indexOf(BEGIN, at); start >= 0; start = text.indexOf(BEGIN, start + 1)) {
    if (!beginsToken(text, start)) continue;
    WHOLE.lastIndex = start;
    const token = WHOLE.exec(text)?.[0];
    if (token && isHeader(token)) found.push({ start, end: start + token.length, rule: 'secret.jwt' });
  }
  return found;
}

/** Where an unfinished token begins. */
export function openJsonWebToken(text: string, at: number): number {
  for (let start = text.indexOf(BEGIN, at); start >= 0; start = text.indexOf(BEGIN, start + 1)) {
    if (!beginsToken(text, start)) continue;
    GROWING.lastIndex = start;
    if (GROWING.test(text)) return start;
  }
  return beginningAtEnd(text, at);
}

const beginsToken = (text: string, at: number) => isWordStart(text, at) && !isInsideRun(text, at);

function beginningAtEnd(text: string, at: number): number {
  for (const length of [2, 1]) {
    const start = text.length - length;
    if (start >= at && text.endsWith(BEGIN.slice(0, length)) && beginsToken(text, start)) return start;
  }
  return text.length;
}

function isHeader(token: string): boolean {
  return HEADER.test(fromBase64Url(token.slice(0, token.indexOf('.'))));
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** The bytes as characters; the names looked for are ASCII. */
function fromBase64Url(text: string): string {
  let bits = 0;
  let value = 0;
  let out = '';
  for (const sign of text) {
    value = ((value << 6) | ALPHABET.indexOf(sign)) & 0xffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    out += String.fromCharCode((value >>> bits) & 0xff);
  }
  return out;
}
