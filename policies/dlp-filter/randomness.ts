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

/** `EXAMPLE` written over the end of a token: what is left of it gives it away. */
const EXAMPLE = /example/gi;
const ENOUGH_LEFT = 28;

/** As `isStandIn`, for what follows a prefix that nothing else has. */
export function isStandInBody(body: string): boolean {
  const rest = body.replace(EXAMPLE, '');
  return isStandIn(
    rest.length < body.length && rest.length >= ENOUGH_LEFT && entropy(rest) >= 4 ? rest : body,
  );
}

/** More signs say nothing new, and cost time. */
const ENOUGH = 256;

/** Shannon entropy in bits per sign, of the first 256. */
export function entropy(value: string): number {
  const length = Math.min(value.length, ENOUGH);
  const counts = new Map<number, number>();
  for (let i = 0; i < length; i += 1) {
    const code = value.charCodeAt(i);
    counts.set(code, (counts.get(code) ?? 0) + 1);
  }
  let bits = 0;
  for (const count of counts.values()) bits -= (count / length) * Math.log2(count / length);
  return bits;
}
