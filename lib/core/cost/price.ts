import { type Cost, TOKEN_CLASSES, type Usage } from './usage.ts';

/**
 * Micro-dollars per million tokens, by disjoint usage class. Integers. A class that is missing costs what the class it was
 * split from costs: cached_input, cache_write and audio_input as input, cache_write_1h as cache_write, reasoning and audio as output.
 */
export interface ModelPrice {
  readonly input: number;
  readonly cached_input?: number;
  readonly cache_write?: number;
  readonly cache_write_1h?: number;
  readonly output: number;
  readonly reasoning?: number;
  readonly audio?: number;
  readonly audio_input?: number;
  /** Micro-dollars per million calls, seconds, characters. Audio that is counted so has no price without. */
  readonly call?: number;
  readonly second?: number;
  readonly character?: number;
}

/** Prices compiled once (at synth, or when `kt gateway run` starts), so that the gateway carries no price package. */
export interface PriceTable {
  /** Names the package, its version and the compile date. */
  readonly version: string;
  /** `<vendor>/<provider model>` → price; a model that is missing has an unknown price. */
  readonly models: Readonly<Record<string, ModelPrice>>;
}

const MILLION = 1_000_000;

/**
 * Exact to the micro-dollar, rounded half up once, over the sum. Where the table has no price, what the provider says the call
 * cost; else unknown.
 */
export function costOf(table: PriceTable, vendor: string, model: string, usage: Usage): Cost {
  const price = table.models[`${vendor}/${model}`];
  if (price && isPriced(price, usage))
    return { micros: sum(fullPrice(price), usage), price_table: table.version };
  const reported = usage.reported_micros;
  if (reported === undefined) return { micros: null, price_table: table.version, reason: 'unknown price' };
  return { micros: reported, price_table: table.version, reason: 'as the provider reported' };
}

/** Seconds and characters are no tokens: without a price of their own the call would seem to be free. */
function isPriced(price: ModelPrice, { seconds, characters }: Usage): boolean {
  return (!seconds || price.second !== undefined) && (!characters || price.character !== undefined);
}

function sum(price: Required<ModelPrice>, usage: Usage): number {
  const rest =
    BigInt(usage.calls ?? 1) * BigInt(price.call) +
    BigInt(usage.seconds ?? 0) * BigInt(price.second) +
    BigInt(usage.characters ?? 0) * BigInt(price.character);
  const total = TOKEN_CLASSES.reduce(
    (sofar, name) => sofar + BigInt(usage[name] ?? 0) * BigInt(price[name]),
    rest,
  );
  return Number((total + BigInt(MILLION / 2)) / BigInt(MILLION));
}

/** With every class, as `ModelPrice` says. */
export function fullPrice(price: ModelPrice): Required<ModelPrice> {
  const { input, output } = price;
  const cache_write = price.cache_write ?? input;
  const fallbacks = { cached_input: input, cache_write_1h: cache_write, audio_input: input };
  return {
    ...fallbacks,
    reasoning: output,
    audio: output,
    call: 0,
    second: 0,
    character: 0,
    ...price,
    cache_write,
  };
}
