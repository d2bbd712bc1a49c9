import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { costOf, type PriceTable } from '#core/cost/price.ts';
import { estimateUsage, readUsage, writeUsage } from '#core/openai/usage.ts';

test('cached and reasoning tokens are taken out of the sums they are part of', () => {
  const usage = readUsage({
    prompt_tokens: 100,
    completion_tokens: 60,
    total_tokens: 160,
    prompt_tokens_details: { cached_tokens: 40 },
    completion_tokens_details: { reasoning_tokens: 50, audio_tokens: 4 },
  });

  expect(usage).toEqual({
    input: 60,
    cached_input: 40,
    cache_write: 0,
    output: 6,
    reasoning: 50,
    audio: 4,
    source: 'provider',
  });
});

test('a lying usage block never gives a negative class', () => {
  const number = fc.oneof(fc.nat(), fc.constant(-5), fc.constant(1.5), fc.constant('7'));
  fc.assert(
    fc.property(number, number, number, number, (prompt, completion, cached, reasoning) => {
      const usage = readUsage({
        prompt_tokens: prompt,
        completion_tokens: completion,
        prompt_tokens_details: { cached_tokens: cached },
        completion_tokens_details: { reasoning_tokens: reasoning, audio_tokens: reasoning },
      });
      for (const value of Object.values(usage ?? {})) {
        if (typeof value === 'number') expect(value).toBeGreaterThanOrEqual(0);
      }
    }),
  );
});

test('a block without counts is no usage', () => {
  expect(readUsage(null)).toBeUndefined();
  expect(readUsage({})).toBeUndefined();
});

test('the client always gets three integers', () => {
  expect(writeUsage(estimateUsage(['hello world'], 'fine'))).toMatchObject({
    prompt_tokens: expect.any(Number),
    completion_tokens: expect.any(Number),
    total_tokens: expect.any(Number),
  });
});

const table: PriceTable = {
  version: 't',
  models: {
    'openai/m': {
      input: 2_500_000,
      cached_input: 1_250_000,
      cache_write: 0,
      output: 10_000_000,
      reasoning: 10_000_000,
      audio: 0,
    },
  },
};
const usage = {
  input: 60,
  cached_input: 40,
  cache_write: 0,
  output: 6,
  reasoning: 50,
  audio: 0,
  source: 'provider' as const,
};

test('a cost is exact to the micro-dollar', () => {
  // 60 × 2.5 + 40 × 1.25 + 56 × 10 = 760
  expect(costOf(table, 'openai', 'm', usage)).toEqual({ micros: 760, price_table: 't' });
});

test('half a micro-dollar is rounded up once, over the sum', () => {
  expect(
    costOf(table, 'openai', 'm', { ...usage, input: 1, cached_input: 0, output: 0, reasoning: 0 }).micros,
  ).toBe(3);
});

test('a class without a price costs what it was split from', () => {
  const bare: PriceTable = {
    version: 't',
    models: { 'openai/m': { input: 1_000_000, output: 2_000_000, call: 5_000_000_000 } },
  };
  const all = { ...usage, cache_write: 7, cache_write_1h: 3, audio_input: 10, audio: 4 };

  // (60 + 40 + 7 + 3 + 10) × 1 + (6 + 50 + 4) × 2 + 5000 for the call
  expect(costOf(bare, 'openai', 'm', all).micros).toBe(5240);
});

test('what the provider says it cost is taken only where no price is known', () => {
  const told = { ...usage, reported_micros: 123 };

  expect(costOf(table, 'openai', 'other', told)).toMatchObject({
    micros: 123,
    reason: 'as the provider reported',
  });
  expect(costOf(table, 'openai', 'm', told).micros).toBe(760);
});

test('an unknown price is unknown, not zero', () => {
  expect(costOf(table, 'openai', 'other', usage)).toMatchObject({ micros: null, reason: 'unknown price' });
});
