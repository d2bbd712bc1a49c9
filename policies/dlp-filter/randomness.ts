/** Words by which people mark that a value stands for another. */
const STAND_IN =
  /example|placeholder|change[_-]?me|your[_-]?(?:own|api|secret|token|key|pass|access|client|service)|(?:^|[_-])your(?:$|[_-])|(?:token|key|secret|string|password|value)[_-]?here|x{6}|x{4}[_-]|\*{3}|\.{3}|dummy|redacted|insert[_-]|replace[_-]|process\.env|os\.environ|getenv|\$\{|\$\(|\{\{|%\(|<[a-z]|#{4}|secrets\./i;
/** Words may occur by chance in very long random text. */
const LONGEST_STAND_IN = 200;

/** An example, a template's variable or a row of the same signs: not a secret anybody could use. */
export function isStandIn(value: string): boolean {
  if (value.length <= LONGEST_STAND_IN && STAND_IN.test(value)) return true;
  return value.length >= 12 && entropy(value) < (value.length >= 24 ? 2.6 : 1.9);
}

/** Shannon entropy in bits per sign. */
export function entropy(value: string): number {
  const counts = new Map<string, number>();
  for (const sign of value) counts.set(sign, (counts.get(sign) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / value.length) * Math.log2(count / value.length);
  return bits;
}
