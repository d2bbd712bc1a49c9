import { expect, test } from '@jest/globals';
import {
  between,
  distance,
  dollars,
  duration,
  fromLocalTime,
  localTime,
  totalTokens,
} from '../../../lib/console/web/wording.ts';

test.each([
  [null, 'price unknown'],
  [0, '$0.00'],
  [58, '$0.000058'],
  [1_200_000, '$1.20'],
])('%j micro-dollars read %s', (micros, text) => {
  expect(dollars({ micros })).toBe(text);
});

test.each([
  [0, '0 µs'],
  [850, '850 µs'],
  [12_340, '12.3 ms'],
  [4_200_000, '4.20 s'],
])('%i microseconds read %s', (micros, text) => {
  expect(duration(micros)).toBe(text);
});

test('the time between two moments is in microseconds', () => {
  expect(between('2026-11-23T11:00:00.000Z', '2026-11-23T11:00:00.250Z')).toBe(250_000);
});

test.each([
  ['2026-11-23T14:05:00Z', 'in 2 h 5 min'],
  ['2026-11-23T11:57:00Z', '3 min ago'],
])('%s seen from noon is %s', (iso, text) => {
  expect(distance(iso, Date.parse('2026-11-23T12:00:00Z'))).toBe(text);
});

test('tokens of every class are counted once', () => {
  const usage = { input: 1, cached_input: 2, cache_write: 4, output: 8, reasoning: 16, audio: 32 };

  expect(totalTokens({ ...usage, source: 'provider' })).toBe(63);
});

test('a time in a field of the page is the same minute when it comes back, in whatever zone the reader is', () => {
  const field = localTime('2026-03-29T01:30:00.000Z');

  expect(field).toMatch(/^2026-03-\d\dT\d\d:\d\d$/);
  expect(fromLocalTime(field)).toBe('2026-03-29T01:30:00.000Z');
});

test.each(['', 'yesterday'])('what is no time (%j) is an empty field', (text) => {
  expect(localTime(text)).toBe('');
  expect(fromLocalTime('')).toBe('');
});
