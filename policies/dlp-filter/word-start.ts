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

/** What long tokens are made of; one that begins right after such a sign is the middle of another. */
export function isInsideRun(text: string, at: number): boolean {
  const code = text.charCodeAt(at - 1);
  return at > 0 && (code === DASH || code === UNDERSCORE || code === SLASH || code === PLUS);
}

const [DASH, UNDERSCORE, SLASH, PLUS] = [0x2d, 0x5f, 0x2f, 0x2b];
