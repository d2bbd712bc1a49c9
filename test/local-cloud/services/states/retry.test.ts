import { expect, test } from '@jest/globals';
import { nextRetry } from '../../../../lib/local-cloud/services/states/retry.ts';
import { matchesError } from '../../../../lib/local-cloud/services/states/state-error.ts';

const retrier = (more: object) => ({
  ...{ ErrorEquals: ['States.ALL'], IntervalSeconds: 2, MaxAttempts: 3, BackoffRate: 3 },
  JitterStrategy: 'NONE' as const,
  ...more,
});

test('each retry waits longer by the backoff rate', () => {
  const delays = [0, 1, 2].map((used) => nextRetry([retrier({})], [used], 'E', 0)?.delayMs);
  expect(delays).toEqual([2_000, 6_000, 18_000]);
});

test('a retry waits no longer than its maximum', () => {
  expect(nextRetry([retrier({ MaxDelaySeconds: 5 })], [2], 'E', 0)?.delayMs).toBe(5_000);
});

test('full jitter spreads a retry from zero to its delay', () => {
  const jittered = retrier({ JitterStrategy: 'FULL' });
  expect([0, 0.5].map((random) => nextRetry([jittered], [0], 'E', random)?.delayMs)).toEqual([0, 1_000]);
});

test('attempts are counted per retrier', () => {
  const retriers = [retrier({ ErrorEquals: ['A'], MaxAttempts: 1 }), retrier({ ErrorEquals: ['B'] })];
  expect(nextRetry(retriers, [1, 0], 'A', 0)).toBeUndefined();
  expect(nextRetry(retriers, [1, 0], 'B', 0)?.retries).toEqual([1, 1]);
});

test('an error no retrier names is not retried', () => {
  expect(nextRetry([retrier({ ErrorEquals: ['A'] })], [], 'B', 0)).toBeUndefined();
});

test.each([
  [['States.ALL'], 'Anything', true],
  [['States.ALL'], 'States.Timeout', true],
  [['States.ALL'], 'States.Runtime', false],
  [['States.ALL'], 'States.DataLimitExceeded', false],
  [['States.DataLimitExceeded'], 'States.DataLimitExceeded', true],
  [['States.TaskFailed'], 'Anything', true],
  [['States.TaskFailed'], 'States.Timeout', false],
  [['States.Timeout'], 'States.HeartbeatTimeout', true],
  [['States.HeartbeatTimeout'], 'States.Timeout', false],
  [['A', 'B'], 'B', true],
  [['A'], 'B', false],
])('%j takes %s: %s', (names, error, taken) => {
  expect(matchesError(names, error)).toBe(taken);
});
