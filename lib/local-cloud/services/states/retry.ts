import type { Catcher, Retrier } from './definition.ts';
import { matchesError } from './state-error.ts';

export interface Retry {
  /** Attempts per retrier after this one. */
  readonly retries: readonly number[];
  readonly delayMs: number;
}

/** The next attempt a failed state gets, or undefined when it gets none. `random` is 0..1. */
export function nextRetry(
  retriers: readonly Retrier[],
  used: readonly number[],
  error: string,
  random: number,
): Retry | undefined {
  const index = retriers.findIndex((retrier) => matchesError(retrier.ErrorEquals, error));
  const retrier = retriers[index];
  const attempts = used[index] ?? 0;
  if (!retrier || attempts >= retrier.MaxAttempts) return undefined;
  const full = retrier.IntervalSeconds * retrier.BackoffRate ** attempts;
  const capped = Math.min(full, retrier.MaxDelaySeconds ?? full);
  const delay = retrier.JitterStrategy === 'FULL' ? capped * random : capped;
  const retries = retriers.map((_, i) => (used[i] ?? 0) + (i === index ? 1 : 0));
  return { retries, delayMs: delay * 1000 };
}

/** The first catcher that takes the error. */
export function catcherFor(catchers: readonly Catcher[], error: string): Catcher | undefined {
  return catchers.find((catcher) => matchesError(catcher.ErrorEquals, error));
}
