import { countSuspicious, isHidden, readHidden } from './invisible.ts';
import { charSet, nextRun } from './runs.ts';
import { joinViews, ViewWriter } from './view-text.ts';
import type { View } from './views.ts';

/** Shorter runs are words, ids and numbers. */
const MIN_BASE64 = 20;
const MIN_HEX = 24;
const MIN_BASE64_LINE = 12;
/** Share of decoded characters that must be printable for the decoding to be believed. */
const MIN_PRINTABLE = 0.95;

/** Texts of one encoding that are looked at each on its own; all further ones are one text, so that no number of them hides another. */
const MAX_APART = 4;

/** Texts hidden in `text` as runs of base64, hexadecimal digits or invisible tag characters. */
export function decodeRuns(text: string): View[] {
  return [...encodedRuns(text, BASE64, fromBase64), ...encodedRuns(text, HEX, fromHex), ...hidden(text)];
}

interface Encoding {
  readonly alphabet: Uint8Array;
  /** The alphabet and what may stand between its signs. */
  readonly signs: Uint8Array;
  readonly least: number;
}

const BASE64 = encoding(
  'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_',
  '\n\r=',
  MIN_BASE64,
);
const HEX = encoding('0123456789abcdefABCDEF', '\n\r :\\x', MIN_HEX);

function encoding(alphabet: string, between: string, least: number): Encoding {
  return { alphabet: charSet(alphabet), signs: charSet(alphabet + between), least };
}

/** Runs of an alphabet, also over single separators (line breaks; spaces and colons between hex pairs). */
function encodedRuns(
  text: string,
  { alphabet, signs, least }: Encoding,
  decode: (written: string) => string | undefined,
): View[] {
  const views: View[] = [];
  for (let at = nextRun(text, 0, least, signs); at < text.length; ) {
    const end = alphabet[text.charCodeAt(at)] ? runEnd(text, at, alphabet) : at + 1;
    if (end - at >= least) {
      const decoded = decode(text.slice(at, end));
      if (decoded !== undefined) views.push(wholeRun(decoded, at, end));
    }
    at = nextRun(text, end, least, signs);
  }
  if (views.length <= MAX_APART) return views;
  return [...views.slice(0, MAX_APART - 1), joinViews(views.slice(MAX_APART - 1))];
}

function runEnd(text: string, start: number, alphabet: Uint8Array): number {
  let end = start;
  let joined = 0;
  for (let i = start; i < text.length; i += 1) {
    if (alphabet[text.charCodeAt(i)]) {
      end = i + 1;
      joined = 0;
    } else if (joined >= 2 || !mayJoin(text, i, alphabet)) {
      break;
    } else {
      joined += 1;
    }
  }
  return alphabet === BASE64.alphabet ? overPadding(text, end) : end;
}

function overPadding(text: string, start: number): number {
  let end = start;
  while (end < start + 2 && text[end] === '=') end += 1;
  return end;
}

function mayJoin(text: string, at: number, alphabet: Uint8Array): boolean {
  const sign = text[at];
  if (sign === '\n' || sign === '\r') return true;
  return alphabet === HEX.alphabet && (sign === ' ' || sign === ':' || sign === '\\' || sign === 'x');
}

function wholeRun(decoded: string, start: number, end: number): View {
  const writer = new ViewWriter('decoded');
  writer.write(decoded, start);
  return writer.finish(end);
}

/** As one text, or else line by line: a word on the line before would shift everything. */
function fromBase64(written: string): string | undefined {
  const lines = written.split(/[^A-Za-z0-9+/_-]+/);
  const whole = readBase64(lines.join(''));
  if (whole !== undefined || lines.length < 2) return whole;
  const read = lines.flatMap((line) => (line.length < MIN_BASE64_LINE ? [] : (readBase64(line) ?? [])));
  return read.length === 0 ? undefined : read.join('');
}

function readBase64(run: string): string | undefined {
  if (!looksEncoded(run)) return undefined;
  const bytes = new Uint8Array(Math.floor((run.length * 3) / 4));
  let bits = 0;
  let value = 0;
  let length = 0;
  for (let i = 0; i < run.length; i += 1) {
    value = ((value << 6) | sextet(run.charCodeAt(i))) & 0xffffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[length] = (value >> bits) & 255;
      length += 1;
    }
  }
  return readable(bytes.subarray(0, length));
}

/** Plain words and paths are in the base64 alphabet too; encoded text mixes cases and digits. */
function looksEncoded(run: string): boolean {
  return /[A-Z]/.test(run) && /[a-z]/.test(run) && run.length % 4 !== 1;
}

function sextet(code: number): number {
  if (code >= 97) return code - 71;
  if (code >= 65 && code !== 95) return code === 95 ? 63 : code - 65;
  if (code >= 48) return code === 95 ? 63 : code + 4;
  return code === 43 || code === 45 ? 62 : 63;
}

/** As one text, or else without what cannot be bytes: the end of a word before, a single letter. */
function fromHex(written: string): string | undefined {
  const groups = written.replaceAll('0x', ' ').split(/[^0-9A-Fa-f]+/);
  return readHex(groups.join('')) ?? readHex(groups.filter(({ length }) => length % 2 === 0).join(''));
}

function readHex(digits: string): string | undefined {
  if (digits.length % 2 !== 0 || digits.length < MIN_HEX) return undefined;
  const bytes = new Uint8Array(digits.length / 2);
  for (let i = 0; i < bytes.length; i += 1) bytes[i] = Number.parseInt(digits.slice(i * 2, i * 2 + 2), 16);
  return readable(bytes);
}

const utf8 = new TextDecoder();

/** UTF-8 text that a person could have written, or undefined. */
function readable(bytes: Uint8Array): string | undefined {
  const text = utf8.decode(bytes);
  if (text.length < 8) return undefined;
  const odd = (text.match(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufffd]/g) ?? []).length;
  const wordy = /[A-Za-z]{3}/.test(text) || /[^\u0000-\u024f]{3}/.test(text);
  return wordy && odd / text.length <= 1 - MIN_PRINTABLE ? text : undefined;
}

function hidden(text: string): View[] {
  if (countSuspicious(text) === 0) return [];
  const start = firstHidden(text);
  const decoded = readHidden(text);
  return decoded.length >= 4 ? [wholeRun(decoded, start, text.length)] : [];
}

function firstHidden(text: string): number {
  let at = 0;
  for (const letter of text) {
    if (isHidden(letter.codePointAt(0) ?? 0)) return at;
    at += letter.length;
  }
  return 0;
}
