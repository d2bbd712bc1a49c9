import type { Span } from '#core/policy/policy.ts';
import { charSet } from './runs.ts';
import { readSpelling } from './spelling-signs.ts';
import { ViewWriter } from './view-text.ts';
import type { View } from './views.ts';

const LEET: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '8': 'b',
  '@': 'a',
  $: 's',
  '!': 'i',
  '|': 'i',
  '+': 't',
};
/** A letter, then a digit or sign that stands for one, then a letter (or the reverse): written to be read, not to count. */
const LEET_WORD = /[a-z][013457@$!|]{1,3}[a-z]|[013457@$][a-z][013457@$]/g;

/** The spelling tricks that a normalised text shows signs of, undone. */
export function respell(normal: View): View[] {
  const { text } = normal;
  const signs = readSpelling(text);
  const views: View[] = [];
  const places = signs.leet ? leetPlaces(text) : [];
  if (places.length > 0) views.push(unleet(normal, places));
  if (signs.spaced) views.push(unspace(normal));
  if (signs.rot13) views.push({ ...normal, name: 'decoded', text: rot13(text) });
  if (signs.backwards) views.push(reverse(normal));
  return views;
}

/** Code units around a leetspeak word that are shown with it. */
const AROUND = 160;

/** The places of a text that hold leetspeak, with it undone, each a paragraph; ordinary text far from them is not shown again. */
function unleet(normal: View, places: readonly Span[]): View {
  const { text, origin } = normal;
  const writer = new ViewWriter('decoded');
  for (const { start, end } of places) {
    if (writer.length > 0) writer.write('\n\n', origin?.[start] ?? start);
    writer.writeFrom(plainSpelling(text.slice(start, end)), origin, start);
  }
  return writer.finish(origin?.[text.length] ?? text.length);
}

function leetPlaces(text: string): Span[] {
  const places: Span[] = [];
  for (const { index } of text.matchAll(LEET_WORD)) {
    if (isInIdentifier(text, index) || TIME.test(text.slice(Math.max(0, index - 1), index + 4))) continue;
    const start = wordEdge(text, Math.max(0, index - AROUND), -1);
    const end = wordEdge(text, Math.min(text.length, index + AROUND), 1);
    const last = places.at(-1);
    if (last && start <= last.end) places[places.length - 1] = { start: last.start, end };
    else places.push({ start, end });
  }
  return places;
}

/** Eight hexadecimal digits and hyphens or more in a row are a checksum or a number of something; nobody writes words with them. */
function isInIdentifier(text: string, index: number): boolean {
  let start = index;
  let end = index;
  while (start > 0 && HEX[text.charCodeAt(start - 1)]) start -= 1;
  while (end - start < LEAST_IDENTIFIER && HEX[text.charCodeAt(end)]) end += 1;
  return end - start >= LEAST_IDENTIFIER;
}

/** `2026-11-28t10:30`. */
const TIME = /^\d\dt\d\d/;
const HEX = charSet('0123456789abcdef-');
const LEAST_IDENTIFIER = 8;

/** Places begin and end between words, where one is near. */
function wordEdge(text: string, at: number, step: -1 | 1): number {
  for (let moved = 0, edge = at; moved < 40; moved += 1, edge += step) {
    if (edge <= 0 || edge >= text.length) return Math.max(0, Math.min(text.length, edge));
    if (text.charCodeAt(step > 0 ? edge : edge - 1) <= 0x20) return edge;
  }
  return at;
}

/** Same length, so the way back stays. Only words with a letter are touched: numbers stay numbers. */
function plainSpelling(text: string): string {
  let out = '';
  let copied = 0;
  for (let at = 0; at < text.length; at += 1) {
    if (!LEET_SIGNS[text.charCodeAt(at)]) continue;
    const start = wordStart(text, at, copied);
    while (at < text.length && !endsWord(text.charCodeAt(at))) at += 1;
    const word = text.slice(start, at);
    if (!/[a-z]/.test(word)) continue;
    out += text.slice(copied, start) + word.replace(/[0134578@$!|+]/g, (sign) => LEET[sign] ?? sign);
    copied = at;
  }
  return out + text.slice(copied);
}

const LEET_SIGNS = charSet(Object.keys(LEET).join(''));
const WORD_ENDS = charSet(' \t\n\v\f\r,;:.?()"');

function wordStart(text: string, at: number, floor: number): number {
  let start = at;
  while (start > floor && !endsWord(text.charCodeAt(start - 1))) start -= 1;
  return start;
}

function endsWord(code: number): boolean {
  return code < 0x80 ? WORD_ENDS[code] === 1 : /\s/.test(String.fromCharCode(code));
}

/** `i g n o r e  a l l` → `ignore all`; two separators in a row end a word. */
function unspace(normal: View): View {
  const { text, origin } = normal;
  const writer = new ViewWriter('decoded');
  const at = (i: number) => origin?.[i] ?? i;
  for (let i = 0; i < text.length; i += 1) {
    const gap = isGap(text[i]) && isLetter(text[i - 1]) && isLetter(text[i + 1]);
    const lonely = gap && !isLetter(text[i - 2]) && !isLetter(text[i + 2]);
    if (!lonely) writer.write(text[i] ?? '', at(i));
  }
  return writer.finish(at(text.length));
}

const isGap = (sign: string | undefined) => sign !== undefined && ' ._*-'.includes(sign);
const isLetter = (sign: string | undefined) => sign !== undefined && sign >= 'a' && sign <= 'z';

function rot13(text: string): string {
  return text.replace(/[a-z]/g, (letter) => String.fromCharCode(((letter.charCodeAt(0) - 84) % 26) + 97));
}

/** A backwards text has no useful way back: everything comes from the whole leaf. */
function reverse(normal: View): View {
  const writer = new ViewWriter('decoded');
  writer.write([...normal.text].reverse().join(''), 0);
  return writer.finish(normal.origin?.[normal.text.length] ?? normal.text.length);
}
