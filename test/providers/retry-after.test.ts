import { expect, test } from '@jest/globals';
import { retryAfter } from '#providers/retry-after.ts';

const DATE = 'Sat, 28 Nov 2026 10:00:00 GMT';

test.each([
  [{ 'retry-after': '7' }, 7],
  [{ 'retry-after': '0' }, 0],
  [{ 'retry-after': '1.2' }, 2],
  [{ 'retry-after': '86400' }, 3600],
  [{ 'retry-after-ms': '1500', 'retry-after': '9' }, 2],
  [{ 'retry-after': 'Sat, 28 Nov 2026 10:00:30 GMT', date: DATE }, 30],
  [{ 'retry-after': 'Sat, 28 Nov 2026 09:00:00 GMT', date: DATE }, 0],
  [{ 'retry-after': 'Sat, 28 Nov 2026 10:00:30 GMT' }, undefined],
  [{ 'retry-after': '-1' }, undefined],
  [{ 'retry-after': 'soon' }, undefined],
  [{ 'retry-after': 'Infinity' }, undefined],
  [{}, undefined],
] as [Record<string, string>, number | undefined][])('%j is a wait of %s seconds', (headers, seconds) => {
  expect(retryAfter(new Response(null, { headers }))).toBe(seconds);
});
