/** A policy broke its contract. The message is ours and safe to record: it never repeats what the policy said or read. */
export class PolicyFailure extends Error {
  override readonly name = 'PolicyFailure';
}

/** What may be written down about a policy that failed: never the thrown message, which could quote the text. */
export function describeFailure(error: unknown): string {
  if (error instanceof PolicyFailure) return error.message;
  if (error instanceof Error && /^[A-Za-z]{1,40}$/.test(error.name)) return `threw ${error.name}`;
  return 'threw';
}

/** The result of running a policy's code, and how many microseconds that took. */
export type Trial<T> = { readonly us: number } & (
  | { readonly value: T; readonly failure?: never }
  | { readonly failure: string; readonly value?: never }
);

/**
 * Runs a policy's code. What it throws, and a result that came later than `timeoutMs`, is a failure and never an exception.
 * `now` is a clock in microseconds.
 */
export function attempt<T>(timeoutMs: number, now: () => number, run: () => T): Trial<T> {
  const started = now();
  try {
    const value = run();
    const us = now() - started;
    return us > timeoutMs * 1000 ? { us, failure: tookTooLong(us, timeoutMs) } : { us, value };
  } catch (error) {
    return { us: now() - started, failure: describeFailure(error) };
  }
}

export function tookTooLong(us: number, timeoutMs: number): string {
  return `took ${Math.round(us / 1000)} ms, timeout_ms is ${timeoutMs}`;
}
