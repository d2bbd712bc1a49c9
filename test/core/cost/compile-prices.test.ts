import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { compilePrices, PRICE_SOURCE } from '#core/cost/compile-prices.ts';
import type { Target } from '#core/pack/pack.ts';

const target = (provider_model: string, extra: Partial<Target> = {}) =>
  ({ provider: 'openai', vendor: 'openai', provider_model, ...extra }) as Target;
const day = new Date('2026-11-01T00:00:00Z');

test('known models get integer prices per million tokens', () => {
  expect(compilePrices([target('gpt-4o')], day).models['openai/gpt-4o']).toEqual({
    input: 2_500_000,
    cached_input: 1_250_000,
    cache_write: 2_500_000,
    cache_write_1h: 2_500_000,
    audio_input: 2_500_000,
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

test('a fee per request is a price of its own, not part of the price of a token', () => {
  const table = compilePrices([target('sonar-pro', { vendor: 'perplexity' })], day);

  expect(table.models['perplexity/sonar-pro']).toMatchObject({ input: 3_000_000, call: 14_000_000_000 });
});

test('two hosts of one model have two prices', () => {
  const targets = ['groq', 'deepinfra'].map((vendor) => target('llama-3.3-70b-versatile', { vendor }));

  expect(Object.keys(compilePrices(targets, day).models)).toEqual(['groq/llama-3.3-70b-versatile']);
});

test('a model behind an ARN is priced by the model it stands for', () => {
  const arn = 'arn:aws:bedrock:eu-central-1:123456789012:application-inference-profile/abc';
  const base_model = 'eu.amazon.nova-lite-v1:0';
  const table = compilePrices([target(arn, { vendor: 'bedrock', base_model })], day);

  expect(table.models[`bedrock/${arn}`]).toMatchObject({ input: 60_000, output: 240_000 });
});

test('the table names the package version that is installed', () => {
  const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as {
    dependencies: { [name: string]: string };
  };

  expect(PRICE_SOURCE).toBe(`genai-prices@${manifest.dependencies['@pydantic/genai-prices']}`);
});
