import { isInvisible } from '#core/text/invisible.ts';

/** A stretch of ordinary text, or one character that a person would not see. */
export type Piece = { readonly text: string } | { readonly hidden: string; readonly name: string };

/** Cuts a text so that nothing in it can hide (Trojan Source, invisible prompts); the pieces joined are the text. */
export function visiblePieces(text: string): Piece[] {
  const pieces: Piece[] = [];
  let ordinary = '';
  for (const character of text) {
    if (!hides(character)) {
      ordinary += character;
      continue;
    }
    if (ordinary) pieces.push({ text: ordinary });
    ordinary = '';
    pieces.push({ hidden: character, name: codePoint(character) });
  }
  return ordinary ? [...pieces, { text: ordinary }] : pieces;
}

/** How many characters of the text a person would not see. */
export function countHidden(text: string): number {
  return Array.from(text).filter(hides).length;
}

function hides(character: string): boolean {
  const code = character.codePointAt(0) ?? 0;
  const control = code >= 0x7f && code <= 0x9f;
  const separator = code === 0x2028 || code === 0x2029;
  const half = code >= 0xd800 && code <= 0xdfff;
  return control || separator || half || isInvisible(code);
}

function codePoint(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}
