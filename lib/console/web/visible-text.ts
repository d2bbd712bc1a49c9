/** A stretch of ordinary text, or one character that a person would not see. */
export type Piece = { readonly text: string } | { readonly hidden: string; readonly name: string };

// Controls except tab and newline, soft hyphen, zero-width and bidi characters, fillers, line separators,
// variation selectors and the tag block (Trojan Source, CVE-2021-42574; invisible prompt text).
const HIDDEN =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}]|\p{Cs}/gu;

/** Cuts a text so that nothing in it can hide; the pieces joined are the text. */
export function visiblePieces(text: string): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const match of text.matchAll(HIDDEN)) {
    if (match.index > from) pieces.push({ text: text.slice(from, match.index) });
    pieces.push({ hidden: match[0], name: codePoint(match[0]) });
    from = match.index + match[0].length;
  }
  if (from < text.length) pieces.push({ text: text.slice(from) });
  return pieces;
}

/** How many characters of the text a person would not see. */
export function countHidden(text: string): number {
  return text.match(HIDDEN)?.length ?? 0;
}

function codePoint(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}
