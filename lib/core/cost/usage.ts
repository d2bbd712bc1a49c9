import * as z from 'zod';

/** Tokens by disjoint class: the sum is what was processed, nothing is counted twice. */
export const Usage = z.strictObject({
  input: z.int().nonnegative(),
  cached_input: z.int().nonnegative(),
  cache_write: z.int().nonnegative(),
  /** Visible output without reasoning. */
  output: z.int().nonnegative(),
  reasoning: z.int().nonnegative(),
  /** Spoken output. */
  audio: z.int().nonnegative(),
  /** Spoken input. */
  audio_input: z.int().nonnegative().optional(),
  /** Written to a cache that lives for an hour. */
  cache_write_1h: z.int().nonnegative().optional(),
  /** Of audio that the provider does not count in tokens. */
  seconds: z.int().nonnegative().optional(),
  /** Of text to be spoken that the provider does not count in tokens. */
  characters: z.int().nonnegative().optional(),
  /** Provider calls; 1 when absent. */
  calls: z.int().nonnegative().optional(),
  /** What the provider itself says it cost, in micro-dollars; used only where we know no price. */
  reported_micros: z.int().nonnegative().optional(),
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

/** The classes of tokens. */
export const TOKEN_CLASSES = [
  'input',
  'cached_input',
  'cache_write',
  'cache_write_1h',
  'audio_input',
  'output',
  'reasoning',
  'audio',
] as const;

type Tokens = Pick<Usage, (typeof TOKEN_CLASSES)[number]>;

/** Everything that went in, of whatever class. */
export function promptTokens(usage: Tokens): number {
  const { input, cached_input, cache_write, cache_write_1h = 0, audio_input = 0 } = usage;
  return input + cached_input + cache_write + cache_write_1h + audio_input;
}

/** Everything that came out. */
export function completionTokens({ output, reasoning, audio }: Tokens): number {
  return output + reasoning + audio;
}

const OPTIONAL = ['audio_input', 'cache_write_1h', 'seconds', 'characters'] as const;

/** Of two provider calls for one client call. An estimate in it makes the sum an estimate. */
export function addUsage(a: Usage, b: Usage): Usage {
  if (a.source === 'none') return b;
  if (b.source === 'none') return a;
  const optional = OPTIONAL.filter((name) => a[name] !== undefined || b[name] !== undefined);
  return {
    input: a.input + b.input,
    cached_input: a.cached_input + b.cached_input,
    cache_write: a.cache_write + b.cache_write,
    output: a.output + b.output,
    reasoning: a.reasoning + b.reasoning,
    audio: a.audio + b.audio,
    ...Object.fromEntries(optional.map((name) => [name, (a[name] ?? 0) + (b[name] ?? 0)])),
    calls: (a.calls ?? 1) + (b.calls ?? 1),
    ...bothReported(a, b),
    source: a.source === 'estimated' || b.source === 'estimated' ? 'estimated' : 'provider',
  };
}

/** A sum of which one half is missing would be too small. */
function bothReported(a: Usage, b: Usage): { reported_micros?: number } {
  if (a.reported_micros === undefined || b.reported_micros === undefined) return {};
  return { reported_micros: a.reported_micros + b.reported_micros };
}

/** Integer micro-dollars; `unknown` is a state of its own and never 0. */
export const Cost = z.strictObject({
  /** null = the price is unknown. */
  micros: z.int().nonnegative().nullable(),
  price_table: z.string(),
  reason: z.string().optional(),
});
export type Cost = z.infer<typeof Cost>;

/** What daily rows measure: tokens by disjoint class, audio without tokens, and the tokens that judges of the pack used. */
export const QUANTITIES = [...TOKEN_CLASSES, 'seconds', 'characters', 'judge_input', 'judge_output'] as const;
export type Quantities = Readonly<Record<(typeof QUANTITIES)[number], number>>;

/** One row per app, day and model; calls whose price was unknown are in a row of their own. */
export interface UsageRow {
  readonly appId: string;
  /** yyyy-mm-dd (UTC). */
  readonly day: string;
  readonly model: string;
  readonly calls: number;
  readonly blocked: number;
  /** Tokens of all classes that went in, and came out; without those of judges. */
  readonly input: number;
  readonly output: number;
  readonly quantities: Quantities;
  readonly costMicros: number;
  /** Calls whose price was unknown: their cost is not in costMicros. */
  readonly unpriced: number;
}
