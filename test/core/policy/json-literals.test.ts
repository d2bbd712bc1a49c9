import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { isDocument, literalsOf, withoutEscapes } from '#core/policy/json-literals.ts';

function escaped(text: string): string {
  return [...text].map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');
}

test('every string and number is found with what it says', () => {
  const found = [...literalsOf('{"a\\u0062": [1.5e3, "x\\"y", true], "c" : "\\u0064"}')];

  expect(found.map(({ decoded, isKey }) => [decoded, isKey])).toEqual([
    ['ab', true],
    ['1.5e3', false],
    ['x"y', false],
    ['c', true],
    ['d', false],
  ]);
});

test('the literals and what stands between them make up the text', () => {
  fc.assert(
    fc.property(fc.json(), (raw) => {
      let done = 0;
      let copy = '';
      for (const { literal, start, end } of literalsOf(raw)) {
        copy += raw.slice(done, start) + literal;
        done = end;
      }
      expect(copy + raw.slice(done)).toBe(raw);
    }),
  );
});

test('escapes are resolved in JSON inside JSON', () => {
  const inner = `{"note":"${escaped('quarterly')}"}`;
  const middle = JSON.stringify([inner]);

  expect(withoutEscapes(`{"body":"${escaped(middle)}"}`)).toContain('quarterly');
});

test('JSON stays the same value without its escapes', () => {
  fc.assert(
    fc.property(fc.json({ stringUnit: 'binary' }), (raw) => {
      const flat = fc.stringify(JSON.parse(raw));
      expect(fc.stringify(JSON.parse(withoutEscapes(raw)))).toBe(flat);
    }),
  );
});

test('what is not JSON stays as it is', () => {
  expect(withoutEscapes('note=\\u0061')).toBe('note=\\u0061');
  expect(withoutEscapes('"\\u0061"')).toBe('"\\u0061"');
});

test('nesting is followed only so far', () => {
  expect(isDocument('{}', 4)).toBe(true);
  expect(isDocument('{}', 5)).toBe(false);
});
