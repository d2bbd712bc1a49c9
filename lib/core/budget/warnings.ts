import type { BudgetWarning } from '#core/announce/announcement.ts';
import type { LedgerEvent } from '#core/ledger/event.ts';
import type { PlainFacts } from '#core/ledger/plain-facts.ts';
import { type AccountState, partsOf } from './accounts.ts';
import type { HeldAccount } from './hold.ts';

/**
 * The percentages of a limit that are reached and not in `told` yet, after this call. One that found no room counts as 100 %, although
 * less may be spent.
 */
export function reachedPercents(
  event: LedgerEvent,
  { id, limit_micros, warn_at }: HeldAccount,
  { spentMicros }: AccountState,
  told: ReadonlySet<number>,
): number[] {
  const full = event.budget?.full?.includes(id) ?? false;
  return warn_at.filter((percent) => {
    const reached = BigInt(spentMicros) * 100n >= BigInt(limit_micros) * BigInt(percent);
    return !told.has(percent) && (reached || (full && percent === 100));
  });
}

/** The record of a warning: which account, how much of it. */
export function warningFacts(
  { at, request_id, app_id, key_id, model_requested }: LedgerEvent,
  { id, limit_micros }: HeldAccount,
  percent: number,
): PlainFacts {
  return {
    at,
    type: 'budget.warned',
    requestId: request_id,
    appId: app_id,
    keyId: key_id,
    auth: 'system',
    route: 'budget',
    model: model_requested,
    detail: `${id} reached ${percent} % of ${limit_micros} micro-dollars`,
  };
}

/** The same warning as people are told it. */
export function warningAnnouncement(
  { id, limit_micros }: HeldAccount,
  { spentMicros }: AccountState,
  told: Pick<BudgetWarning, 'percent' | 'event_id' | 'at' | 'app_id' | 'environment'>,
): BudgetWarning {
  return {
    ...told,
    type: 'Budget Warning',
    id: told.event_id,
    ...partsOf(id),
    limit_micros,
    spent_micros: spentMicros,
  };
}
