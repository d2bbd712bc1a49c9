import * as z from 'zod';

/** Tokens by disjoint class: the sum is what was processed, nothing is counted twice. */
export const Usage = z.strictObject({
  input: z.int().nonnegative(),
  cached_input: z.int().nonnegative(),
  cache_write: z.int().nonnegative(),
  /** Visible output without reasoning. */
  output: z.int().nonnegative(),
  reasoning: z.int().nonnegative(),
  audio: z.int().nonnegative(),
  source: z.enum(['provider', 'estimated', 'none']),
});
export type Usage = z.infer<typeof Usage>;

export const NO_USAGE: Usage = {
  input: 0,
  cached_input: 0,
  cache_write: 0,
  output: 0,
  reasoning: 0,
  audio: 0,
  source: 'none',
};

/** Of two provider calls for one client call. An estimate in it makes the sum an estimate. */
export function addUsage(a: Usage, b: Usage): Usage {
  if (a.source === 'none') return b;
  if (b.source === 'none') return a;
  return {
    input: a.input + b.input,
    cached_input: a.cached_input + b.cached_input,
    cache_write: a.cache_write + b.cache_write,
    output: a.output + b.output,
    reasoning: a.reasoning + b.reasoning,
    audio: a.audio + b.audio,
    source: a.source === 'estimated' || b.source === 'estimated' ? 'estimated' : 'provider',
  };
}

/** Integer micro-dollars; `unknown` is a state of its own and never 0. */
export const Cost = z.strictObject({
  /** null = the price is unknown. */
  micros: z.int().nonnegative().nullable(),
  price_table: z.string(),
  reason: z.string().optional(),
});
export type Cost = z.infer<typeof Cost>;

/** One row per app, day and model. */
export interface UsageRow {
  readonly appId: string;
  /** yyyy-mm-dd (UTC). */
  readonly day: string;
  readonly model: string;
  readonly calls: number;
  readonly blocked: number;
  readonly input: number;
  readonly output: number;
  readonly costMicros: number;
  /** Calls whose price was unknown: their cost is not in costMicros. */
  readonly unpriced: number;
}
