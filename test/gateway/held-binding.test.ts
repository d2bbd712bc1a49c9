import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { requestHash } from '../../lib/gateway/held.ts';

const ask = (content: string) => ({ model: 'gpt-4o', temperature: 0, messages: [{ role: 'user', content }] });

test('a decision is bound to the request: one character more, less or other is another request', () => {
  const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 200 }).filter((s) => s.isWellFormed());
  const property = fc.property(
    text,
    fc.nat(),
    fc.string({ unit: 'binary', maxLength: 1 }),
    (whole, nth, other) => {
      const characters = [...whole];
      const changed = characters.with(nth % characters.length, other).join('');
      fc.pre(changed !== whole && changed.isWellFormed());

      expect(requestHash(ask(changed))).not.toBe(requestHash(ask(whole)));
    },
  );
  fc.assert(property, { numRuns: 2000 });
});

test.each([
  ['model', { model: 'gpt-4o-mini' }],
  ['a number', { temperature: 0.1 }],
  ['a tool', { tools: [{ type: 'function', function: { name: 'f' } }] }],
  ['the number of answers', { n: 2 }],
])('another %s is another request', (_, change) => {
  expect(requestHash({ ...ask('dose?'), ...change })).not.toBe(requestHash(ask('dose?')));
});

test('streaming, the end user and the order of members do not make another request', () => {
  const { model, messages, temperature } = ask('dose?');
  const repeat = { messages, user: 'u1', stream: true, stream_options: {}, temperature, model };

  expect(requestHash(repeat)).toBe(requestHash(ask('dose?')));
});
