import { dayAfter, monthAfter } from '#core/calendar.ts';
import type { Budget } from './budget.ts';
import type { HeldAccount } from './hold.ts';

/** Who has a budget: an app, or one of its keys. */
export interface BudgetOwner {
  /** `app/<id>` or `key/<id>`. */
  readonly owner: string;
  readonly budget: Budget;
}

/** How much of an account is gone. */
export interface AccountState {
  readonly id: string;
  /** Settled calls. */
  readonly spentMicros: number;
  /** Settled and set aside for calls under way. */
  readonly usedMicros: number;
}

/** The budgets that count for a call: the app's, then the key's. */
export function budgetOwners(
  app: { readonly id: string; readonly budget?: Budget },
  keyId: string,
  keyBudget: Budget | undefined,
): BudgetOwner[] {
  const owners = [
    { owner: `app/${app.id}`, budget: app.budget },
    { owner: `key/${keyId}`, budget: keyBudget },
  ];
  return owners.filter((one): one is BudgetOwner => one.budget !== undefined);
}

/** The accounts of a moment (ISO, UTC): a day and a month for each budget that limits them. */
export function accountsOf(owners: readonly BudgetOwner[], at: string): HeldAccount[] {
  return owners.flatMap(({ owner, budget }) => {
    const { dailyMicros, monthlyMicros, warnAt, onExceed } = budget;
    const account = (period: string, limit: number | undefined): HeldAccount[] =>
      limit === undefined
        ? []
        : [
            {
              id: `${owner}@${period}`,
              limit_micros: limit,
              warn_at: [...new Set([...warnAt, 100])].sort((a, b) => a - b),
              ...(onExceed === 'warn' ? { soft: true as const } : {}),
            },
          ];
    return [...account(at.slice(0, 10), dailyMicros), ...account(at.slice(0, 7), monthlyMicros)];
  });
}

/** Splits an account id. A period is `yyyy-mm-dd` or `yyyy-mm`. */
export function partsOf(id: string): { readonly owner: string; readonly period: string } {
  const at = id.lastIndexOf('@');
  return { owner: id.slice(0, at), period: id.slice(at + 1) };
}

/** When the account begins anew, ISO: the next midnight, or the first of the next month (UTC). */
export function resetsAt(id: string): string {
  const { period } = partsOf(id);
  const isMonth = period.length === '2026-11'.length;
  return `${isMonth ? `${monthAfter(period)}-01` : dayAfter(period)}T00:00:00.000Z`;
}
