import type { Cost, Usage } from './usage.ts';

/** Micro-dollars per million tokens, by disjoint usage class. Integers. */
export interface ModelPrice {
  readonly input: number;
  readonly cached_input: number;
  readonly cache_write: number;
  readonly output: number;
  readonly reasoning: number;
  readonly audio: number;
}

/** Prices compiled once (at synth, or when `kt gateway run` starts), so that the gateway carries no price package. */
export interface PriceTable {
  /** Names the package, its version and the compile date. */
  readonly version: string;
  /** `<provider>/<provider model>` → price; a model that is missing has an unknown price. */
  readonly models: Readonly<Record<string, ModelPrice>>;
}

const CLASSES = ['input', 'cached_input', 'cache_write', 'output', 'reasoning', 'audio'] as const;
const MILLION = 1_000_000;

/** Exact to the micro-dollar, rounded half up once, over the sum. */
export function costOf(table: PriceTable, provider: string, model: string, usage: Usage): Cost {
  const price = table.models[`${provider}/${model}`];
  if (!price) return { micros: null, price_table: table.version, reason: 'unknown price' };

  const total = CLASSES.reduce((sum, name) => sum + BigInt(usage[name]) * BigInt(price[name]), 0n);
  const micros = Number((total + BigInt(MILLION / 2)) / BigInt(MILLION));
  return { micros, price_table: table.version };
}
