import { describe, expect, it } from '@jest/globals';
import type { WordRule } from '#core/text/word-lexicon.ts';
import { compileWordRules } from '#core/text/word-rules.ts';

const LEXICON = { verb: 'ignore* throw_away', noun: 'rules orders', not: 'never' };

function rulesIn(text: string, rule: Partial<WordRule> = {}) {
  const matcher = compileWordRules(LEXICON, [
    { id: 'r', weight: 1, slots: ['verb', 'noun'], within: 4, ...rule },
  ]);
  return matcher.find(text).map(({ start, end }) => text.slice(start, end));
}

describe('a word rule', () => {
  it('fires when all its words are near', () => {
    expect(rulesIn('please ignore all the rules now')).toEqual(['ignore all the rules']);
  });

  it('knows beginnings of words', () => {
    expect(rulesIn('ignored rules')).toEqual(['ignored rules']);
  });

  it('knows phrases', () => {
    expect(rulesIn('throw away these rules')).toEqual(['throw away these rules']);
  });

  it.each([
    ['too far apart', 'ignore one two three four rules'],
    ['in another sentence', 'ignore it. rules'],
    ['incomplete', 'ignore everything'],
  ])('does not fire for words %s', (_, text) => {
    expect(rulesIn(text)).toEqual([]);
  });

  it('minds the order when asked to', () => {
    expect(rulesIn('rules ignore')).toEqual(['rules ignore']);
    expect(rulesIn('rules ignore', { ordered: true })).toEqual([]);
  });

  it('crosses sentences when asked to', () => {
    expect(rulesIn('ignore it. rules', { acrossSentences: true })).toEqual(['ignore it. rules']);
  });

  it('is excused by a word before it', () => {
    expect(rulesIn('never ignore the rules', { unless: 'not' })).toEqual([]);
  });

  it('cannot name a list that is not there', () => {
    expect(() => rulesIn('x', { slots: ['nouns'] })).toThrow('no list nouns');
  });
});
