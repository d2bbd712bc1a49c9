import { calcPrice } from '@pydantic/genai-prices';
import type { Target } from '#core/pack/pack.ts';
import type { ModelPrice, PriceTable } from './price.ts';

/** Names the pinned package on every event; a test compares it with package.json. */
export const PRICE_SOURCE = 'genai-prices@0.1.8';

/** Small enough for every first price tier, large enough for whole micro-dollars. */
const SAMPLE = 1000;

const PROVIDER_IDS = {
  openai: 'openai',
  'azure-openai': 'azure',
  anthropic: 'anthropic',
  bedrock: 'aws',
} as const;

/** A moment as the price package takes it (a `Date`); handed in, core has no clock. */
type Moment = Parameters<typeof calcPrice>[2] extends { timestamp?: infer D } | undefined
  ? NonNullable<D>
  : never;

/**
 * Compiles the prices of a pack's targets for one day, so that functions carry no price package. A pack's own price wins; a
 * model the package does not know is left out, which makes its cost `unknown`, never 0.
 */
export function compilePrices(targets: readonly Target[], at: Moment): PriceTable {
  const models: Record<string, ModelPrice> = {};
  for (const target of targets) {
    const price = target.price ? fixedPrice(target.price) : packagePrice(target, at);
    if (price) models[`${target.provider}/${target.provider_model}`] = price;
  }
  return { version: `${PRICE_SOURCE} ${at.toISOString().slice(0, 10)}`, models };
}

function fixedPrice(price: { input: number; output: number }): ModelPrice {
  const input = Math.round(price.input * 1_000_000);
  const output = Math.round(price.output * 1_000_000);
  return { input, cached_input: input, cache_write: input, output, reasoning: output, audio: output };
}

function packagePrice(target: Target, at: Moment): ModelPrice | undefined {
  const of = (usage: Record<string, number>): number | undefined => {
    const result = calcPrice(usage, target.provider_model, {
      providerId: PROVIDER_IDS[target.provider],
      timestamp: at,
    });
    return result ? Math.round((result.total_price / SAMPLE) * 1e12) : undefined;
  };
  const input = of({ input_tokens: SAMPLE });
  const output = of({ output_tokens: SAMPLE });
  if (input === undefined || output === undefined) return undefined;
  return {
    input,
    cached_input: of({ input_tokens: SAMPLE, cache_read_tokens: SAMPLE }) ?? input,
    cache_write: of({ input_tokens: SAMPLE, cache_write_tokens: SAMPLE }) ?? input,
    output,
    reasoning: output,
    audio: of({ output_tokens: SAMPLE, output_audio_tokens: SAMPLE }) ?? output,
  };
}
