import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { GatewayError } from '#core/errors.ts';
import { readJson } from '#core/openai/read-json.ts';

const refusal = (text: string): string => {
  try {
    readJson(text);
  } catch (error) {
    if (error instanceof GatewayError) return `${error.code}: ${error.message}`;
  }
  return 'accepted';
};

test('any JSON value survives reading', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 8, stringUnit: 'grapheme' }), (value) => {
      const text = JSON.stringify(value);
      fc.pre(text.isWellFormed() && !text.includes('__proto__'));
      expect(readJson(text)).toEqual(JSON.parse(text));
    }),
  );
});

test.each([
  ['100,000 levels of arrays', '['.repeat(100_000)],
  ['100,000 levels of objects', '{"a":'.repeat(100_000)],
  ['65 closed levels', `${'['.repeat(65)}${']'.repeat(65)}`],
])('%s are refused before anything recurses', (_name, text) => {
  expect(refusal(text)).toContain('nested deeper than 64');
});

test.each([
  ['plain', '{"a":1,"a":2}'],
  ['escaped', String.raw`{"a":1,"\u0061":2}`],
  ['deep', '{"x":[{"k":1,"y":{},"k":2}]}'],
])('duplicate keys are refused (%s)', (_name, text) => {
  expect(refusal(text)).toContain('same key twice');
});

test('equal keys in different objects are fine', () => {
  expect(readJson('{"a":{"a":[{"a":1},{"a":2}]}}')).toEqual({ a: { a: [{ a: 1 }, { a: 2 }] } });
});

test.each([
  ['a lone surrogate', String.raw`{"a":"\ud800"}`, 'broken character'],
  ['a lone surrogate as key', String.raw`{"\udfff":1}`, 'broken character'],
  ['__proto__', '{"__proto__":{}}', '__proto__'],
  ['an escaped __proto__', String.raw`{"__pro\u0074o__":{}}`, '__proto__'],
  ['half a document', '{"a":', 'not valid JSON'],
  ['text', 'hello', 'not valid JSON'],
  ['an unclosed string', '{"a', 'not valid JSON'],
])('%s is refused', (_name, text, reason) => {
  expect(refusal(text)).toContain(reason);
});

test('more than 100,000 values are refused', () => {
  expect(refusal(`[${'1,'.repeat(100_001)}1]`)).toContain('more than 100000 values');
});
