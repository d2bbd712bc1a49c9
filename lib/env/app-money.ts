import * as z from 'zod';
import { type Budget, DEFAULT_MAX_TOKENS, type Limits } from '#core/budget/budget.ts';

const MILLION = 1_000_000;
const MAX_DOLLARS = 100_000_000;

/** Dollars with at most six decimals; kept as integer micro-dollars. */
const dollars = z
  .number()
  .min(0)
  .max(MAX_DOLLARS)
  .refine(
    (value) => Math.abs(value * MILLION - Math.round(value * MILLION)) < 1e-3,
    'has more than six decimals',
  )
  .transform((value) => Math.round(value * MILLION));

/** What an app may spend, as a person writes it. */
export const BudgetSettings = z
  .strictObject({
    daily: dollars.optional(),
    monthly: dollars.optional(),
    /** Percent of a limit; 100 is always told. */
    warn_at: z.array(z.int().min(1).max(100)).max(10).default([50, 80, 100]),
    on_exceed: z
      .string()
      .regex(/^(block|warn|downgrade:.+)$/, 'is block, warn or downgrade:<model>')
      .default('block'),
    unknown_price: z.enum(['refuse', 'pass']).default('refuse'),
    max_tokens: z.int().min(1).max(MILLION).default(DEFAULT_MAX_TOKENS),
  })
  .refine(({ daily, monthly }) => daily !== undefined || monthly !== undefined, {
    message: 'names no limit: write daily or monthly, in dollars',
  })
  .transform(
    ({ daily, monthly, warn_at, on_exceed, unknown_price, max_tokens }): Budget => ({
      ...(daily === undefined ? {} : { dailyMicros: daily }),
      ...(monthly === undefined ? {} : { monthlyMicros: monthly }),
      warnAt: warn_at,
      onExceed: on_exceed as Budget['onExceed'],
      unknownPrice: unknown_price,
      maxTokens: max_tokens,
    }),
  );

/** How often an app may call, as a person writes it. */
export const LimitSettings = z
  .strictObject({
    requests_per_minute: z.int().min(1).max(MILLION).optional(),
    tokens_per_minute: z
      .int()
      .min(1)
      .max(1000 * MILLION)
      .optional(),
    concurrent: z.int().min(1).max(1000).optional(),
  })
  .transform(
    ({ requests_per_minute, tokens_per_minute, concurrent }): Limits => ({
      ...(requests_per_minute === undefined ? {} : { requestsPerMinute: requests_per_minute }),
      ...(tokens_per_minute === undefined ? {} : { tokensPerMinute: tokens_per_minute }),
      ...(concurrent === undefined ? {} : { concurrent }),
    }),
  );
