/** `12.345678`: integer micro-dollars as an exact decimal. */
export function decimalDollars(micros: number): string {
  const digits = String(Math.abs(micros)).padStart(7, '0');
  return `${micros < 0 ? '-' : ''}${digits.slice(0, -6)}.${digits.slice(-6)}`;
}

/** `$0.0125`: for people; at least cents, at most micro-dollars. */
export function shownDollars(micros: number): string {
  return `$${decimalDollars(micros).replace(/0{1,4}$/, '')}`;
}
