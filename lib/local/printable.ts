/**
 * A text that comes from outside, safe for one line of a terminal: control and format characters would let a model name
 * move the cursor or forge a line.
 */
export function printable(text: string, maxLength = 300): string {
  const clean = text.slice(0, maxLength + 1).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '�');
  return clean.length > maxLength ? `${clean.slice(0, maxLength)}…` : clean;
}
