import { LOOKALIKES, STYLED } from './confusables.ts';
import { isInvisible } from './invisible.ts';
import { ViewWriter } from './view-text.ts';
import type { View } from './views.ts';

const ASCII = /^[\t\n\r\x20-\x7e]*$/;
const MAX_REMEMBERED = 8192;
const remembered = new Map<number, string>();

/** Lower case, compatibility forms resolved, accents of Latin letters and invisible characters removed, look-alikes folded. */
export function normalizeText(text: string): View {
  if (ASCII.test(text)) return { name: 'normal', text: text.toLowerCase() };
  const writer = new ViewWriter('normal', text.length);
  for (let at = 0; at < text.length; ) {
    const plain = plainUntil(text, at);
    writer.writeFrom(text.slice(at, plain).toLowerCase(), undefined, at);
    at = foldWords(text, plain, writer);
  }
  return writer.finish(text.length);
}

/** Where the next word with a letter beyond printable ASCII begins. */
function plainUntil(text: string, start: number): number {
  let word = start;
  for (let i = start; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (!isPlain(code)) return word;
    if (!isAsciiLetter(code)) word = i + 1;
  }
  return text.length;
}

/** Folds letter by letter up to the first plain sign; look-alikes are folded in words that mix scripts. */
function foldWords(text: string, start: number, writer: ViewWriter): number {
  let word: [string, number][] = [];
  let scripts = 0;
  const flush = () => {
    const mixed = (scripts & MIXED) === MIXED;
    for (const [letters, at] of word)
      writer.write(mixed ? (LOOKALIKES.get(letters) ?? letters) : letters, at);
    word = [];
    scripts = 0;
  };
  let i = start;
  for (; i < text.length; i += 1) {
    const code = text.codePointAt(i) ?? 0;
    if (isPlain(code) && !isAsciiLetter(code)) break;
    const letters = fold(code);
    const script = letters === '' ? 0 : scriptOf(letters.charCodeAt(0));
    if (letters !== '' && script === 0) {
      flush();
      writer.write(letters, i);
    } else if (letters !== '') {
      word.push([letters, i]);
      scripts |= script;
    }
    if (code > 0xffff) i += 1;
  }
  flush();
  return i;
}

const isPlain = (code: number) =>
  (code >= 0x20 && code < 0x7f) || code === 0x09 || code === 0x0a || code === 0x0d;
const isAsciiLetter = (code: number) => (code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a;

/** One code point, folded without regard to its neighbours; '' when it is dropped. */
function fold(code: number): string {
  if (code < 0x80) {
    if (code >= 0x41 && code <= 0x5a) return String.fromCharCode(code + 32);
    return isInvisible(code) ? '' : String.fromCharCode(code);
  }
  const known = remembered.get(code);
  if (known !== undefined) return known;
  const folded = isInvisible(code) || isAccent(code) ? '' : foldLetter(String.fromCodePoint(code));
  if (remembered.size < MAX_REMEMBERED) remembered.set(code, folded);
  return folded;
}

function foldLetter(letter: string): string {
  const styled = STYLED.get(letter);
  if (styled !== undefined) return styled;
  const apart = letter.normalize('NFKD');
  const isLatin = apart.charCodeAt(0) < 0x250;
  const resolved = isLatin ? [...apart].filter((part) => !isAccent(part.charCodeAt(0))).join('') : undefined;
  const lower = (resolved ?? letter.normalize('NFKC')).toLowerCase();
  return STYLED.get(lower) ?? lower;
}

/** Combining marks of the Latin, Greek and Cyrillic scripts. */
function isAccent(code: number): boolean {
  return (
    (code >= 0x300 && code <= 0x36f) ||
    (code >= 0x1ab0 && code <= 0x1aff) ||
    (code >= 0x20d0 && code <= 0x20ff)
  );
}

const LATIN = 1;
const OTHER = 2;
const MIXED = LATIN | OTHER;

/** Which of the scripts that share letter shapes; 0 for everything that ends a word. */
function scriptOf(code: number): number {
  if (code >= 0x61 && code <= 0x7a) return LATIN;
  if (code < 0x80) return 0;
  if (code >= 0xdf && code < 0x250) return LATIN;
  const shared = (code >= 0x370 && code < 0x590) || (code >= 0x13a0 && code < 0x1400);
  return shared ? OTHER : 0;
}
