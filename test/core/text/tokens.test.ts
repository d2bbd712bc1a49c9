import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { breakEnd, isSentenceEnd, isWordAt, wordEnd } from '#core/text/tokens.ts';

const TOKEN = /[\p{L}\p{N}_'’]+|[.!?。！？]|\n[ \t\r]*\n/gu;

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  for (let at = 0; at < text.length; ) {
    const end = isWordAt(text, at) ? wordEnd(text, at) : breakEnd(text, at) || at + 1;
    const counts = isWordAt(text, at) || isSentenceEnd(text, at) || breakEnd(text, at) > 0;
    if (counts) tokens.push(text.slice(at, end));
    at = end;
  }
  return tokens;
}

test('words, sentence ends and blank lines are those of the regular expression', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      '\n',
      ' ',
      '\t',
      '\r',
      '.',
      '。',
      "don't",
      '’',
      '_',
      '𝒜',
      '😀',
      '\ud835',
      '\udc9c',
      '１',
      'é',
    ),
    fc.string({ unit: 'binary', maxLength: 4 }),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      const text = pieces.join('');
      expect(tokensOf(text)).toEqual(text.match(TOKEN) ?? []);
    }),
    { numRuns: 5000 },
  );
});
