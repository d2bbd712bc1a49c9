import { expect, test } from '@jest/globals';
import { findPattern, firstMatch, LinearPatternText } from '#core/text/linear-pattern.ts';

test('all matches are found, leftmost first', () => {
  expect(findPattern('[0-9]{2}', 'a12b345')).toEqual([
    { start: 1, end: 3 },
    { start: 4, end: 6 },
  ]);
  expect(findPattern('x', 'x'.repeat(5000))).toHaveLength(5000);
});

test('a text with more matches than are kept is a failure and never a clean text', () => {
  expect(() => findPattern('x', 'x'.repeat(5001))).toThrow('a pattern matches more than 5000 times');
});

test.each(['(?=a)b', '(a)\\1', '(a{1,100}){1,100}', 'a*', '['])('%s is refused', (pattern) => {
  expect(LinearPatternText.safeParse(pattern).success).toBe(false);
});

test('the first match is found in a text with any number of them', () => {
  expect(firstMatch('x+', `abxx${'yx'.repeat(9000)}`)).toEqual({ start: 2, end: 4 });
  expect(firstMatch('X', 'ax', true)).toEqual({ start: 1, end: 2 });
  expect(firstMatch('x', 'abc')).toBeUndefined();
});
