import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { mostInput, worstMicros } from '#core/budget/worst-case.ts';
import { costOf } from '#core/cost/price.ts';
import { NO_USAGE } from '#core/cost/usage.ts';
import { mostOutput, withOutputLimit } from '#core/openai/output-limit.ts';
import type { Target } from '#core/pack/pack.ts';

const target = (over: Partial<Target> = {}): Target =>
  ({
    provider: 'openai',
    vendor: 'openai',
    provider_model: 'm',
    base_url: 'https://api.openai.com/v1',
    ...over,
  }) as Target;
const price = {
  input: 3_000_001,
  cached_input: 300_000,
  cache_write: 3_750_000,
  output: 15_000_000,
  reasoning: 15_000_000,
  audio: 20_000_000,
};
const table = { version: 't', models: { 'openai/m': price } };
const message = (content: unknown) => ({ model: 'm', messages: [{ role: 'user', content }] }) as never;

test('no text has more tokens than are set aside for it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 500 }), (text) => {
      expect(mostInput(message(text), 'm').input).toBeGreaterThanOrEqual(Buffer.byteLength(text));
    }),
  );
});

test('a tool schema counts with all its text', () => {
  const tools = [{ type: 'function', function: { name: 'f', parameters: { image: 'x'.repeat(5000) } } }];
  const plain = mostInput(message('hi'), 'm').input;

  expect(mostInput({ ...(message('hi') as object), tools } as never, 'm').input).toBeGreaterThan(
    plain + 5000,
  );
});

test.each([
  ['a reference', 'https://example.com/cat.png', 8000],
  ['its data', `data:image/png;base64,${'A'.repeat(100_000)}`, 8000],
])('an image given as %s counts as an image, not as text', (_, url, most) => {
  const { input } = mostInput(message([{ type: 'image_url', image_url: { url } }]), 'gpt-4o');
  expect(input).toBeGreaterThanOrEqual(most);
  expect(input).toBeLessThan(most + 1000);
});

test('an image in the text is text', () => {
  expect(mostInput(message(`data:image/png;base64,${'A'.repeat(9000)}`), 'm').input).toBeGreaterThan(9000);
});

test('an image of gpt-4o-mini counts as its dearest picture', () => {
  const parts = [{ type: 'image_url', image_url: { url: 'https://example.com/cat.png' } }];
  expect(mostInput(message(parts), 'gpt-4o-mini').input).toBeGreaterThan(48_169);
});

test('audio counts in its own class', () => {
  const parts = [{ type: 'input_audio', input_audio: { data: 'A'.repeat(50_000), format: 'wav' } }];
  expect(mostInput(message(parts), 'm').audio).toBe(1100);
});

test('a file nobody can look into counts as a full context', () => {
  expect(mostInput(message([{ type: 'file', file: { file_id: 'file-1' } }]), 'm').input).toBeGreaterThan(1e6);
});

test.each([
  ['absent', {}, 4096],
  ['0', { max_tokens: 0 }, 4096],
  ['negative', { max_tokens: -5 }, 4096],
  ['a text', { max_tokens: '10' }, 4096],
  ['a fraction', { max_tokens: 1.5 }, 4096],
  ['a billion', { max_tokens: 1e9 }, 1e9],
  ['both, the larger counts', { max_tokens: 10, max_completion_tokens: 20 }, 20],
  ['three choices', { max_tokens: 10, n: 3 }, 30],
  ['choices that are no number', { max_tokens: 10, n: 'many' }, 10],
  ['more than a number can hold', { max_tokens: 9e15, n: 9e15 }, Number.MAX_SAFE_INTEGER],
])('a limit that is %s is taken for its worst', (_, body, tokens) => {
  expect(mostOutput(body as never, 4096)).toBe(tokens);
});

test.each([
  ['OpenAI', {}, { max_completion_tokens: 9 }],
  ['a compatible server', { base_url: 'https://llm.example.com/v1' }, { max_tokens: 9 }],
])('%s is told the limit in its own word', (_, over, limit) => {
  expect(withOutputLimit({ max_tokens: -1, n: 2 }, 9, target(over))).toEqual({ n: 2, ...limit });
});

test('a limit of the client is left as it is', () => {
  expect(withOutputLimit({ max_tokens: 5 }, 9, target())).toEqual({ max_tokens: 5 });
});

test('no split of the tokens into classes costs more than the worst case', () => {
  const tokens = fc.nat(1_000_000);
  fc.assert(
    fc.property(tokens, tokens, tokens, tokens, (input, cached_input, cache_write, output) => {
      const usage = { ...NO_USAGE, input, cached_input, cache_write, reasoning: output };
      const most = { ...NO_USAGE, input: input + cached_input + cache_write, output };
      const worst = worstMicros(table, target(), message('hi'), most);
      expect(worst).toBeGreaterThanOrEqual(costOf(table, 'openai', 'm', usage).micros ?? Infinity);
    }),
  );
});

test('what is priced by the call, second or character is part of the worst case', () => {
  const models = {
    'openai/m': { input: 0, output: 0, call: 1_000_000, second: 2_000_000, character: 3_000_000 },
  };
  const most = { ...NO_USAGE, seconds: 10, characters: 100 };

  expect(worstMicros({ version: 't', models }, target(), message(''), most)).toBe(1 + 20 + 300);
});

test('an audio has a worst case where its model is priced by the token', () => {
  const models = { 'openai/m': { input: 0, output: 10_000_000, audio_input: 6_000_000 } };
  const most = { ...NO_USAGE, seconds: 60 };

  // gpt-4o-transcribe: 1000 tokens a minute, and what was said in it.
  const heard = { ...NO_USAGE, audio_input: 1000, output: 250 };
  const worst = worstMicros({ version: 't', models }, target(), message(''), most);
  expect(worst).toBeGreaterThan(costOf({ version: 't', models }, 'openai', 'm', heard).micros ?? Infinity);
});

test('an unknown price has no worst case', () => {
  expect(worstMicros(table, target({ provider_model: 'other' }), message('hi'), NO_USAGE)).toBeNull();
});
