import * as z from 'zod';

/** Output tokens a call may have when its client sets no limit and the budget names none. */
export const DEFAULT_MAX_TOKENS = 4096;

const micros = z.int().nonnegative();

/** What an app or a key may spend. Integer micro-dollars; periods are days and months in UTC. As stored. */
export const Budget = z.object({
  dailyMicros: micros.exactOptional(),
  monthlyMicros: micros.exactOptional(),
  /** Percent of a limit; each is told once per period. */
  warnAt: z.array(z.int().min(1).max(100)).max(10),
  /** `block`, `warn` (calls go on), or `downgrade:<model>`. */
  onExceed: z.union([z.enum(['block', 'warn']), z.templateLiteral(['downgrade:', z.string().min(1)])]),
  /** What happens to a model whose price nobody knows. */
  unknownPrice: z.enum(['refuse', 'pass']),
  /** Sent to the provider when the client sets no limit, so that an answer cannot cost more than was reserved. */
  maxTokens: z.int().min(1).max(1_000_000),
});
export type Budget = z.infer<typeof Budget>;

/** How often an app or a key may call. As stored. */
export const Limits = z.object({
  requestsPerMinute: z.int().min(1).max(1_000_000).exactOptional(),
  tokensPerMinute: z.int().min(1).max(1_000_000_000).exactOptional(),
  concurrent: z.int().min(1).max(1000).exactOptional(),
});
export type Limits = z.infer<typeof Limits>;

/** The model a full budget falls back to. */
export function downgradeModel({ onExceed }: Budget): string | undefined {
  return onExceed.startsWith('downgrade:') ? onExceed.slice('downgrade:'.length) : undefined;
}

/** Why a budget cannot fall back as it says, or undefined: of the `models` of a pack it names none. */
export function downgradeProblem(budget: Budget, models: readonly string[]): string | undefined {
  const model = downgradeModel(budget);
  if (model === undefined || models.includes(model)) return undefined;
  return `falls back to model "${model}", which the pack does not have; it has ${models.join(', ')}`;
}
