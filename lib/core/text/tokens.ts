/** What a code unit is to a reader of words; looked up once each, because the regular expression is slow. */
const UNKNOWN = 0;
const OTHER = 1;
const WORD = 2;
const STOP = 3;

const kinds = new Uint8Array(0x10000);
const IN_WORD = /[\p{L}\p{N}_'’]/u;
const STOPS = '.!?。！？';

/** A letter, digit, underscore or apostrophe begins here. */
export function isWordAt(text: string, at: number): boolean {
  return kindAt(text, at) === WORD;
}

/** Where the word that begins at `start` ends. */
export function wordEnd(text: string, start: number): number {
  const { length } = text;
  let end = start;
  while (end < length) {
    const known = kinds[text.charCodeAt(end)];
    if (known !== WORD && (known !== UNKNOWN || kindAt(text, end) !== WORD)) break;
    end += 1;
  }
  return end;
}

/** A sign that ends a sentence stands here. */
export function isSentenceEnd(text: string, at: number): boolean {
  return kindAt(text, at) === STOP;
}

/** Where the blank line that begins with the line break at `at` ends; 0 when there is none. */
export function breakEnd(text: string, at: number): number {
  if (text.charCodeAt(at) !== 0x0a) return 0;
  let end = at + 1;
  while (end < text.length && isBlank(text.charCodeAt(end))) end += 1;
  return text.charCodeAt(end) === 0x0a ? end + 1 : 0;
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x0d;
}

function kindAt(text: string, at: number): number {
  const code = text.charCodeAt(at);
  const known = kinds[code] ?? UNKNOWN;
  if (known !== UNKNOWN) return known;
  if (code >= 0xd800 && code <= 0xdfff) return kindOfPair(text, at, code);
  const kind = kindOf(String.fromCharCode(code));
  kinds[code] = kind;
  return kind;
}

/** Both halves of a letter beyond the first plane belong to its word. */
function kindOfPair(text: string, at: number, code: number): number {
  const letter = text.codePointAt(code >= 0xdc00 ? at - 1 : at) ?? 0;
  return letter > 0xffff ? kindOf(String.fromCodePoint(letter)) : OTHER;
}

function kindOf(letter: string): number {
  if (IN_WORD.test(letter)) return WORD;
  return STOPS.includes(letter) ? STOP : OTHER;
}
