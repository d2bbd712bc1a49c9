import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { compilePrices } from '#core/cost/compile-prices.ts';
import { costOf } from '#core/cost/price.ts';
import { Usage } from '#core/cost/usage.ts';
import type { JsonObject } from '#core/json.ts';
import { readUsage, writeUsage } from '#core/openai/usage.ts';
import type { TargetPrice } from '#core/pack/pack.ts';
import { anthropicUsage } from '#providers/anthropic/usage.ts';
import { bedrockUsage } from '#providers/bedrock/usage.ts';
import { targetOf } from './ask.ts';

interface Golden {
  readonly name: string;
  readonly shape: 'openai' | 'anthropic' | 'bedrock';
  readonly block: JsonObject;
  readonly usage: JsonObject;
  /** Dollars per million tokens; null = nobody knows it. */
  readonly price: TargetPrice | null;
  readonly micros: number | null;
  /** How the cost was computed by hand. */
  readonly sum: string;
}

const GOLDEN = JSON.parse(
  readFileSync(join(import.meta.dirname, '../fixtures/usage/golden.json'), 'utf8'),
) as Golden[];

/** The day does not matter: every price stands in the fixture. */
const DAY = new Date('2026-11-01T00:00:00Z');

/** As the dialect hands it to the gateway. */
function inOpenaiShape({ shape, block }: Golden): JsonObject | undefined {
  if (shape === 'anthropic') return anthropicUsage(block);
  return shape === 'bedrock' ? bedrockUsage(block) : block;
}

test('there are at least twenty golden blocks', () => {
  expect(GOLDEN.length).toBeGreaterThanOrEqual(20);
});

test.each(GOLDEN.map((golden) => [golden.name, golden] as const))('%s: classes', (_name, golden) => {
  const usage = readUsage(inOpenaiShape(golden));

  expect(usage).toEqual({ ...golden.usage, source: 'provider' });
  expect(Usage.safeParse(usage).success).toBe(true);
});

test.each(GOLDEN.map((golden) => [golden.name, golden] as const))('%s: cost', (_name, golden) => {
  const targets = golden.price ? [targetOf({ vendor: 'v', provider_model: 'm', price: golden.price })] : [];
  const usage = readUsage(inOpenaiShape(golden));

  expect(usage && costOf(compilePrices(targets, DAY), 'v', 'm', usage).micros).toBe(golden.micros);
});

test.each(GOLDEN.map((golden) => [golden.name, golden] as const))(
  '%s: what a client is told adds up',
  (_name, golden) => {
    const usage = readUsage(inOpenaiShape(golden));
    if (!usage) throw new Error('no usage');
    const told = writeUsage(usage);
    const counts = Object.entries(golden.usage).filter(([name]) => name !== 'reported_micros');

    expect(told['total_tokens']).toBe(counts.reduce((sum, [, value]) => sum + Number(value), 0));
  },
);
