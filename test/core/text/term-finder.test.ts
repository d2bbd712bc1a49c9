import { describe, expect, it } from '@jest/globals';
import { didYouMean, editDistance } from '#core/text/did-you-mean.ts';
import { createTermFinder, termProblem } from '#core/text/term-finder.ts';

const found = (term: string, text: string, fuzzy = 0) =>
  createTermFinder([{ id: 't', text: term }], fuzzy)
    .find(text)
    .map(({ start, end }) => text.slice(start, end));

describe('a term', () => {
  it.each([
    ['blue falcon', 'the Blue  Falcon flies', 'Blue  Falcon'],
    ['blue falcon', 'BLUE-FALCON.', 'BLUE-FALCON'],
    ['blue falcon', 'ｂｌｕｅ falcon', 'ｂｌｕｅ falcon'],
    ['blue falcon', 'blue\u200b fal\u200bcon', 'blue\u200b fal\u200bcon'],
    ['größe', 'die GRÖSSE der Größe', 'Größe'],
    ['機密', 'これは機密です', '機密'],
    ['機密', 'A機密B', '機密'],
    ['R&D', 'our R & D team', 'R & D'],
  ])('%s is found in %s', (term, text, expected) => {
    expect(found(term, text)).toEqual([expected]);
  });

  it.each([
    ['falcon', 'falconry'],
    ['blue falcon', 'blue and falcon'],
    ['blue falcon', 'blue\n\n\n\n falcon'],
  ])('%s is not found in %s', (term, text) => {
    expect(found(term, text)).toEqual([]);
  });

  it.each([
    ['falcon', 'the falcom', 1, ['falcom']],
    ['falcon', 'the flacon', 1, ['flacon']],
    ['falcon', 'the fxlcxn', 1, []],
    ['cat', 'the cut', 1, []],
    ['blue falcon', 'blu falcoon', 2, ['blu falcoon']],
  ])('%s is found in %s within %d edits', (term, text, fuzzy, expected) => {
    expect(found(term, text, fuzzy)).toEqual(expected);
  });

  it('is refused when it would match everything', () => {
    expect(termProblem('+')).toContain('at least two');
    expect(termProblem(Array(13).fill('a').join(' '))).toContain('12 words');
    expect(termProblem('blue falcon')).toBeUndefined();
  });
});

describe('a suggestion', () => {
  it('is the nearest word within a third of its length', () => {
    expect(didYouMean('pii-detectr', ['pii-detector', 'dlp-filter'])).toBe('pii-detector');
    expect(didYouMean('something', ['pii-detector', 'dlp-filter'])).toBeUndefined();
  });

  it('counts a swap of neighbours once', () => {
    expect(editDistance('blokc', 'block', 2)).toBe(1);
  });

  it('gives up past the limit', () => {
    expect(editDistance('abcdefgh', 'hgfedcba', 2)).toBe(3);
  });
});
