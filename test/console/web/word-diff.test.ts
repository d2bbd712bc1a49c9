import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { wordDiff } from '../../../lib/console/web/word-diff.ts';

const texts = fc
  .array(fc.constantFrom('a', 'b', ' ', '\n', 'word'), { maxLength: 30 })
  .map((all) => all.join(''));

test('the pieces add up to the text before and to the text after', () => {
  fc.assert(
    fc.property(texts, texts, (before, after) => {
      const pieces = wordDiff(before, after);
      const without = (kind: string) =>
        pieces
          .filter((piece) => piece.kind !== kind)
          .map(({ text }) => text)
          .join('');
      expect([without('new'), without('gone')]).toEqual([before, after]);
    }),
  );
});

test('only what changed is marked', () => {
  expect(wordDiff('Take two a day, at most.', 'Take one a day, at most.')).toEqual([
    { kind: 'same', text: 'Take ' },
    { kind: 'gone', text: 'two' },
    { kind: 'new', text: 'one' },
    { kind: 'same', text: ' a day, at most.' },
  ]);
});

test('words that change side by side are one change', () => {
  expect(wordDiff('Take two tablets now.', 'Take one pill now.')).toEqual([
    { kind: 'same', text: 'Take ' },
    { kind: 'gone', text: 'two tablets' },
    { kind: 'new', text: 'one pill' },
    { kind: 'same', text: ' now.' },
  ]);
});

test('long texts that have nothing in common are one replacement', () => {
  const before = Array.from({ length: 2_000 }, (_, n) => `a${n}`).join(' ');
  const after = Array.from({ length: 2_000 }, (_, n) => `b${n}`).join(' ');

  expect(wordDiff(before, after).map(({ kind }) => kind)).toEqual(['gone', 'new']);
});
