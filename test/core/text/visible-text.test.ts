import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { countHidden, visiblePieces } from '#core/text/visible-text.ts';

const alphabet = fc.constantFrom(
  'a',
  'é',
  '漢',
  '😀',
  '\n',
  '\u200b',
  '\u202e',
  '\u{e0041}',
  '\ud800',
  '\u0000',
);
const texts = fc.array(alphabet).map((parts) => parts.join(''));

test('the pieces joined are the text', () => {
  fc.assert(
    fc.property(texts, (text) => {
      const joined = visiblePieces(text).map((piece) => ('text' in piece ? piece.text : piece.hidden));
      expect(joined.join('')).toBe(text);
    }),
  );
});

test('no piece of ordinary text holds a character that nobody sees', () => {
  fc.assert(
    fc.property(texts, (text) => {
      for (const piece of visiblePieces(text)) if ('text' in piece) expect(countHidden(piece.text)).toBe(0);
    }),
  );
});

test.each([
  ['\u202e', 'U+202E'],
  ['\u{e0041}', 'U+E0041'],
  ['\u0000', 'U+0000'],
  ['\u2028', 'U+2028'],
  ['\ud83d', 'U+D83D'],
])('%j is named', (hidden, name) => {
  expect(visiblePieces(`a${hidden}b`)).toEqual([{ text: 'a' }, { hidden, name }, { text: 'b' }]);
});
