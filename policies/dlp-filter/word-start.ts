/** An ASCII letter or digit. */
export function isWordSign(code: number): boolean {
  const lower = code | 0x20;
  return (code >= 0x30 && code <= 0x39) || (lower >= 0x61 && lower <= 0x7a);
}

/** `\n` and its like, as they stand in JSON and in source code. */
const ESCAPED = 'nrt';

/** Tokens start a word: a letter or digit before them makes them part of something else, unless it ends an escape. */
export function isWordStart(text: string, at: number): boolean {
  if (at === 0 || !isWordSign(text.charCodeAt(at - 1))) return true;
  return at > 1 && text[at - 2] === '\\' && ESCAPED.includes(text[at - 1] ?? '');
}
