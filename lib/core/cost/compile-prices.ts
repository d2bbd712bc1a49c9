import { calcPrice } from '@pydantic/genai-prices';
import type { Target, TargetPrice } from '#core/pack/pack.ts';
import { PROVIDER_PRESETS } from '#core/pack/provider-presets.ts';
import type { ModelPrice, PriceTable } from './price.ts';

/** Names the pinned package on every event; a test compares it with package.json. */
export const PRICE_SOURCE = 'genai-prices@0.1.8';

/** Small enough for every first price tier, large enough for whole micro-dollars. */
const SAMPLE = 1000;

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
    if (price) models[`${target.vendor}/${target.provider_model}`] = price;
  }
  return { version: `${PRICE_SOURCE} ${at.toISOString().slice(0, 10)}`, models };
}

/** What a pack prices one by one, not by the million. */
const PER_ONE = ['call', 'second'];

/** Dollars per million tokens are micro-dollars per token; ours are per million. */
function fixedPrice({ input, output, ...rest }: TargetPrice): ModelPrice {
  const micros = (dollars: number) => Math.round(dollars * 1_000_000);
  const given = Object.entries(rest).filter((entry): entry is [string, number] => entry[1] !== undefined);
  const classes = Object.fromEntries(
    given.map(([name, dollars]) => [
      name,
      PER_ONE.includes(name) ? micros(dollars) * 1_000_000 : micros(dollars),
    ]),
  );
  return { input: micros(input), output: micros(output), ...classes };
}

function packagePrice(target: Target, at: Moment): ModelPrice | undefined {
  const providerId = PROVIDER_PRESETS[target.vendor]?.prices;
  if (!providerId) return undefined;
  const model = target.base_model ?? target.provider_model;
  const priced = (usage: Record<string, number>) => calcPrice(usage, model, { providerId, timestamp: at });
  const perToken = (part: 'input_price' | 'output_price', usage: Record<string, number>) => {
    const result = priced(usage);
    return result ? Math.round((result[part] / SAMPLE) * 1e12) : undefined;
  };
  const input = perToken('input_price', { input_tokens: SAMPLE });
  const output = perToken('output_price', { output_tokens: SAMPLE });
  if (input === undefined || output === undefined) return undefined;
  const ofInput = (more: Record<string, number>) =>
    perToken('input_price', { input_tokens: SAMPLE, ...more }) ?? input;
  // Beside tokens only a fee per request is part of the price: Perplexity's search.
  const call = Math.round((priced({ input_tokens: 0 })?.total_price ?? 0) * 1e12);
  return {
    input,
    cached_input: ofInput({ cache_read_tokens: SAMPLE }),
    cache_write: ofInput({ cache_write_tokens: SAMPLE }),
    cache_write_1h: ofInput({ cache_write_tokens: SAMPLE, cache_write_1h_tokens: SAMPLE }),
    audio_input: ofInput({ input_audio_tokens: SAMPLE }),
    output,
    reasoning: output,
    audio: perToken('output_price', { output_tokens: SAMPLE, output_audio_tokens: SAMPLE }) ?? output,
    ...(call > 0 ? { call } : {}),
  };
}
