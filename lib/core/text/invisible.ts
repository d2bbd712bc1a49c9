/** Characters without a glyph: format controls, zero-width characters, fillers, variation selectors, tags. */
export function isInvisible(code: number): boolean {
  if (code < 0xad) return code < 0x20 && code !== 0x09 && code !== 0x0a && code !== 0x0d;
  return (
    code === 0xad ||
    code === 0x34f ||
    code === 0x61c ||
    (code >= 0x115f && code <= 0x1160) ||
    (code >= 0x17b4 && code <= 0x17b5) ||
    (code >= 0x180b && code <= 0x180f) ||
    (code >= 0x200b && code <= 0x200f) ||
    (code >= 0x202a && code <= 0x202e) ||
    (code >= 0x2060 && code <= 0x206f) ||
    code === 0x3164 ||
    (code >= 0xfe00 && code <= 0xfe0f) ||
    code === 0xfeff ||
    code === 0xffa0 ||
    isHidden(code)
  );
}

/** Tag characters and the supplementary variation selectors: they can carry a text nobody sees. */
export function isHidden(code: number): boolean {
  return code >= 0xe0000 && code <= 0xe01ef;
}

function isBidiControl(code: number): boolean {
  return (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
}

/** The code units that can count; most texts hold none. Tags begin with U+DB40. */
const SIGNS = /[\u200b-\u200d\u202a-\u202e\u2060\u2066-\u2069\ufeff\udb40]/;

/**
 * Counts characters that hardly occur in honest text: hidden ones (except in flags made of tags), bidi controls and
 * zero-width characters between two ASCII letters or in runs. Joiners inside Persian, Indic and emoji do not count.
 */
export function countSuspicious(text: string): number {
  if (!SIGNS.test(text)) return 0;
  let count = 0;
  let flag = false;
  let last = 0;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.codePointAt(i) ?? 0;
    if (code > 0xffff) i += 1;
    if (code === 0x1f3f4) flag = true;
    else if (!isHidden(code)) flag = false;
    if (
      isHidden(code) ? !flag : isBidiControl(code) || breaksWord(code, last, text.codePointAt(i + 1) ?? 0)
    ) {
      count += 1;
    }
    last = code;
  }
  return count;
}

function breaksWord(code: number, before: number, after: number): boolean {
  if (!isZeroWidth(code)) return false;
  return isZeroWidth(before) || (isAsciiLetter(before) && isAsciiLetter(after));
}

const isZeroWidth = (code: number) =>
  (code >= 0x200b && code <= 0x200d) || code === 0x2060 || code === 0xfeff;
const isAsciiLetter = (code: number) => (code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a;

/** The text carried by tag characters (U+E0020–E007E), or by variation selectors used as bytes. */
export function readHidden(text: string): string {
  let out = '';
  for (const letter of text) {
    const code = letter.codePointAt(0) ?? 0;
    if (code >= 0xe0020 && code <= 0xe007e) out += String.fromCharCode(code - 0xe0000);
    else if (code >= 0xe0100 && code <= 0xe01ef) out += String.fromCharCode(code - 0xe0100 + 16);
  }
  return out;
}
