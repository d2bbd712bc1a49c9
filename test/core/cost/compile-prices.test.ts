import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { compilePrices, PRICE_SOURCE } from '#core/cost/compile-prices.ts';
import type { Target } from '#core/pack/pack.ts';

const target = (provider_model: string, extra: Partial<Target> = {}) =>
  ({ provider: 'openai', provider_model, ...extra }) as Target;
const day = new Date('2026-11-01T00:00:00Z');

test('known models get integer prices per million tokens', () => {
  expect(compilePrices([target('gpt-4o')], day).models['openai/gpt-4o']).toEqual({
    input: 2_500_000,
    cached_input: 1_250_000,
    cache_write: 2_500_000,
    output: 10_000_000,
    reasoning: 10_000_000,
    audio: 10_000_000,
  });
});

test('a model nobody knows is left out', () => {
  expect(compilePrices([target('no-such-model')], day).models).toEqual({});
});

test('a price in the pack wins', () => {
  const price = { input: 0.1, output: 0.25 };

  expect(compilePrices([target('gpt-4o', { price })], day).models['openai/gpt-4o']).toMatchObject({
    input: 100_000,
    output: 250_000,
  });
});

test('the table names the package version that is installed', () => {
  const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as {
    dependencies: { [name: string]: string };
  };

  expect(PRICE_SOURCE).toBe(`genai-prices@${manifest.dependencies['@pydantic/genai-prices']}`);
});
