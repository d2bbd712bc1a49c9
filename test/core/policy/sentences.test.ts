import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { MAX_SENTENCE, sentenceEnd } from '#core/policy/sentences.ts';

function split(text: string): string[] {
  const parts: string[] = [];
  for (let at = 0; ; ) {
    const end = sentenceEnd(text, at);
    if (end < 0) return [...parts, text.slice(at)].filter(Boolean);
    parts.push(text.slice(at, end));
    at = end;
  }
}

test.each([
  ['One. Two! Three?', ['One. ', 'Two! ', 'Three?']],
  ['He said "stop." Then left.', ['He said "stop." ', 'Then left.']],
  ['Line\nLine', ['Line\n', 'Line']],
  ['一句。二句！三', ['一句。', '二句！', '三']],
  ['v1.2.3 costs 4.50', ['v1.2.3 costs 4.50']],
  ['Wait... what', ['Wait... ', 'what']],
])('%j has the sentences %j', (text, sentences) => {
  expect(split(text)).toEqual(sentences);
});

test('a sentence without an end is cut at its last space before 400 code units', () => {
  expect(split('word '.repeat(200)).map(({ length }) => length)).toEqual([400, 400, 200]);
  expect(split('x'.repeat(900)).map(({ length }) => length)).toEqual([400, 400, 100]);
});

test('no sentence is longer than 400, cuts a surrogate pair or is lost', () => {
  const letters = fc.constantFrom(
    'a',
    ' ',
    '. ',
    '!',
    '"',
    '😀',
    '。',
    '\n',
    'x'.repeat(150),
    '😀'.repeat(99),
  );
  fc.assert(
    fc.property(fc.array(letters, { maxLength: 30 }), (parts) => {
      const sentences = split(parts.join(''));

      expect(sentences.join('')).toBe(parts.join(''));
      expect(sentences.every((part) => part.isWellFormed() && part.length <= MAX_SENTENCE)).toBe(true);
    }),
  );
});

test('more text never moves an end that was found', () => {
  const letters = fc.constantFrom('a', ' ', '.', '!', '"', '😀', '。', '\n', 'x'.repeat(120));
  fc.assert(
    fc.property(fc.array(letters, { maxLength: 20 }), fc.nat(500), (parts, cut) => {
      const text = parts.join('');
      const early = sentenceEnd(text.slice(0, cut), 0);
      if (early >= 0) expect(sentenceEnd(text, 0)).toBe(early);
    }),
    { numRuns: 2000 },
  );
});
