import * as z from 'zod';
import { Budget, DEFAULT_MAX_TOKENS, downgradeProblem, Limits } from '#core/budget/budget.ts';
import { modelNames } from '#core/pack/model-names.ts';
import type { Pack } from '#core/pack/pack.ts';
import { ConsoleError } from './console-error.ts';

const micros = z.int().nonnegative().max(Number.MAX_SAFE_INTEGER);

/** What may be spent, as the API takes and shows it. Integer micro-dollars; days and months in UTC. */
export const BudgetView = z
  .strictObject({
    daily_micros: micros.exactOptional(),
    monthly_micros: micros.exactOptional(),
    /** Percent of a limit. */
    warn_at: Budget.shape.warnAt.default([50, 80, 100]),
    on_exceed: Budget.shape.onExceed.default('block'),
    unknown_price: Budget.shape.unknownPrice.default('refuse'),
    max_tokens: Budget.shape.maxTokens.default(DEFAULT_MAX_TOKENS),
  })
  .refine(
    ({ daily_micros, monthly_micros }) => daily_micros !== undefined || monthly_micros !== undefined,
    'names no limit: send daily_micros or monthly_micros',
  );
export type BudgetView = z.output<typeof BudgetView>;

export const LimitsView = z.strictObject({
  requests_per_minute: Limits.shape.requestsPerMinute,
  tokens_per_minute: Limits.shape.tokensPerMinute,
  concurrent: Limits.shape.concurrent,
});
export type LimitsView = z.output<typeof LimitsView>;

export function budgetView({ dailyMicros, monthlyMicros, ...budget }: Budget): BudgetView {
  return {
    ...(dailyMicros !== undefined && { daily_micros: dailyMicros }),
    ...(monthlyMicros !== undefined && { monthly_micros: monthlyMicros }),
    warn_at: budget.warnAt,
    on_exceed: budget.onExceed,
    unknown_price: budget.unknownPrice,
    max_tokens: budget.maxTokens,
  };
}

/** The budget to be stored; one that falls back to a model the active pack lacks is refused. */
export function knownBudget(view: BudgetView, pack: Pack): Budget {
  const budget = budgetOf(view);
  const problem = downgradeProblem(budget, modelNames(pack));
  if (problem) throw new ConsoleError('invalid_request', `budget.on_exceed: ${problem}`);
  return budget;
}

function budgetOf({ daily_micros, monthly_micros, ...view }: BudgetView): Budget {
  return {
    ...(daily_micros !== undefined && { dailyMicros: daily_micros }),
    ...(monthly_micros !== undefined && { monthlyMicros: monthly_micros }),
    warnAt: view.warn_at,
    onExceed: view.on_exceed,
    unknownPrice: view.unknown_price,
    maxTokens: view.max_tokens,
  };
}

export function limitsView({ requestsPerMinute, tokensPerMinute, concurrent }: Limits): LimitsView {
  return {
    ...(requestsPerMinute !== undefined && { requests_per_minute: requestsPerMinute }),
    ...(tokensPerMinute !== undefined && { tokens_per_minute: tokensPerMinute }),
    ...(concurrent !== undefined && { concurrent }),
  };
}

export function limitsOf({ requests_per_minute, tokens_per_minute, concurrent }: LimitsView): Limits {
  return {
    ...(requests_per_minute !== undefined && { requestsPerMinute: requests_per_minute }),
    ...(tokens_per_minute !== undefined && { tokensPerMinute: tokens_per_minute }),
    ...(concurrent !== undefined && { concurrent }),
  };
}
