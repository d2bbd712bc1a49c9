/** Value of a digit, or of a letter as in base 36 (A = 10). */
export function valueAt(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return code >= 0x30 && code <= 0x39 ? code - 0x30 : Number.parseInt(text[at] ?? '0', 36);
}

/** Σ digit × weight over the first `weights.length` characters. */
export function weigh(text: string, weights: readonly number[]): number {
  return weights.reduce((sum, weight, i) => sum + weight * valueAt(text, i), 0);
}

export const lastDigit = (text: string): number => valueAt(text, text.length - 1);

/** The remainder, never negative. */
export const mod = (value: number, by: number): number => ((value % by) + by) % by;

/** A decimal number of any length modulo a small one; letters count as two digits (A = 10). */
export function modLong(text: string, by: number): number {
  let rest = 0;
  for (let i = 0; i < text.length; i += 1) {
    const value = valueAt(text, i);
    rest = (rest * (value > 9 ? 100 : 10) + value) % by;
  }
  return rest;
}

/** ISO/IEC 7812-1 annex B, the sum of all digits; a multiple of ten when the last one is the check digit. */
export function luhnSum(digits: string): number {
  let sum = 0;
  for (let i = 0; i < digits.length; i += 1) {
    const digit = valueAt(digits, digits.length - 1 - i);
    const doubled = i % 2 === 0 ? digit : digit * 2;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum;
}

export const luhn = (digits: string): boolean => luhnSum(digits) % 10 === 0;

/** ISO 7064 mod 11,10 (Germany, Croatia). */
export function mod11And10(digits: string): boolean {
  let check = 5;
  for (let i = 0; i < digits.length; i += 1) {
    check = ((((check || 10) * 2) % 11) + valueAt(digits, i)) % 10;
  }
  return check === 1;
}

/** ISO 7064 mod 11-2, X for ten (China). */
export function mod11And2(text: string): boolean {
  let rest = 0;
  for (const sign of text) rest = (rest * 2 + (sign === 'X' ? 10 : Number(sign))) % 11;
  return rest === 1;
}

/** The EAN-13 check digit (GS1 General Specifications 7.9). */
export function ean13(digits: string): boolean {
  return weigh(digits, [1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1]) % 10 === 0;
}

/** Multiplication in the dihedral group D5. */
function times(a: number, b: number): number {
  if (a < 5) return b < 5 ? (a + b) % 5 : ((a + b) % 5) + 5;
  return b < 5 ? mod(a - b, 5) + 5 : mod(a - b, 5);
}
const PERMUTED = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];

/** J. Verhoeff's scheme: a digit is permuted as often as its place says, then all are multiplied in D5. */
export function verhoeff(digits: string): boolean {
  let check = 0;
  for (let i = 0; i < digits.length; i += 1) {
    let digit = valueAt(digits, digits.length - 1 - i);
    for (let turn = i % 8; turn > 0; turn -= 1) digit = PERMUTED[digit] ?? 0;
    check = times(check, digit);
  }
  return check === 0;
}

const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** A day of the calendar; 29 February always counts, because two-digit years do not say the century. */
export function isDay(month: number, day: number): boolean {
  return day >= 1 && day <= (DAYS[month - 1] ?? 0);
}

/** The number written at `at` with so many digits. */
export const numberAt = (text: string, at: number, length: number): number =>
  Number(text.slice(at, at + length));

/** `yymmdd` at `at`. */
export function isYearFirst(text: string, at = 0): boolean {
  return isDay(numberAt(text, at + 2, 2), numberAt(text, at + 4, 2));
}

/** `ddmm` at `at`. */
export function isDayFirst(text: string, at = 0): boolean {
  return isDay(numberAt(text, at + 2, 2), numberAt(text, at, 2));
}

/** One digit all the way, as in examples and test data. */
export const isUniform = (text: string): boolean => /^(.)\1*$/.test(text);
