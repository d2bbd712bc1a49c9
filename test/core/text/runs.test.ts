import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { LiteralFilter } from '#core/text/literal-filter.ts';
import { charSet, nextRun } from '#core/text/runs.ts';
import { WordFilter } from '#core/text/word-filter.ts';

const letters = (alphabet: string) => fc.string({ unit: fc.constantFrom(...alphabet), maxLength: 60 });

it('the next run is the first one that is long enough', () => {
  fc.assert(
    fc.property(letters('ab -'), fc.integer({ min: 1, max: 6 }), (text, least) => {
      const expected = new RegExp(`[ab]{${least},}`).exec(text)?.index ?? text.length;
      expect(nextRun(text, 0, least, charSet('ab'))).toBe(expected);
    }),
  );
});

it('the filter of literals finds exactly those that occur', () => {
  const literals = ['ab', 'ba', 'abb', 'b-', 'é-a', 'aaaa'];
  const filter = new LiteralFilter(literals);
  fc.assert(
    fc.property(letters('ab-é'), (text) => {
      const expected = literals.flatMap((literal, i) => (text.includes(literal) ? [i] : []));
      expect([...filter.in(text)].sort()).toEqual(expected);
    }),
  );
});

it('the filter of words lets every word of its list through', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ minLength: 1 }), { minLength: 1 }), fc.string(), (words, tail) => {
      const filter = new WordFilter(words.slice(1), words.slice(0, 1));
      for (const word of words.slice(1)) expect(filter.mayHold(word, 0, word.length)).toBe(true);
      const begun = `${words[0]}${tail}`;
      expect(filter.mayHold(begun, 0, begun.length)).toBe(true);
    }),
  );
});
