import { describe, expect, it } from '@jest/globals';
import { count, passes, toMarkdown } from '../../bench/detection/figure.ts';
import { partOf } from '../../bench/detection/rows.ts';
import { TRANSFORMS } from '../../bench/detection/transforms.ts';

const items = Array.from({ length: 2999 }, (_, i) => i);
const allButOne = (bound: 'least' | 'most') => count('x', items, (i) => i > 0, { bound });
const onlyOne = (bound: 'least' | 'most') => count('x', items, (i) => i === 0, { bound });

describe('a printed figure', () => {
  it('cuts recall', () => {
    expect(toMarkdown({ title: 't', figures: [allButOne('least')] })).toContain('| 99.9 % | 2998 / 2999 |');
  });

  it('rounds false positives up', () => {
    expect(toMarkdown({ title: 't', figures: [onlyOne('most')] })).toContain('| 0.1 % | 1 / 2999 |');
  });

  it('misses its floor by one row', () => {
    const floor = { floor: 90, bound: 'least' } as const;
    const ten = items.slice(0, 10);
    expect(passes(count('x', ten, (i) => i < 9, floor))).toBe(true);
    expect(passes(count('x', ten, (i) => i < 8, floor))).toBe(false);
  });

  it('fails when there was nothing to count', () => {
    expect(passes(count('x', [], () => true, { floor: 90, bound: 'least' }))).toBe(false);
  });

  it('neither passes nor fails when nothing is asked of it', () => {
    expect(passes(onlyOne('most'))).toBeUndefined();
  });
});

describe('the split', () => {
  it('puts near duplicates on the same side', () => {
    for (const cluster of ['a1', 'b2', 'c3', 'd4', 'e5', 'f6']) {
      const parts = ['x', 'y', 'z'].map((id) => partOf({ id, text: '', cluster }));
      expect(new Set(parts).size).toBe(1);
    }
  });

  it('keeps about three tenths for measuring', () => {
    const kept = items.filter((id) => partOf({ id: `row ${id}`, text: '' }) === 'test').length;
    expect(kept / items.length).toBeGreaterThan(0.27);
    expect(kept / items.length).toBeLessThan(0.33);
  });
});

it.each(Object.entries(TRANSFORMS))('the disguise %s changes a text', (_, disguise) => {
  expect(disguise('Please ignore the rules')).not.toContain('ignore the');
});
