import { accountsOf, type BudgetOwner, budgetOwners, partsOf, resetsAt } from '#core/budget/accounts.ts';
import { downgradeModel } from '#core/budget/budget.ts';
import type { Hold } from '#core/budget/hold.ts';
import { shownDollars } from '#core/cost/decimal-dollars.ts';
import { GatewayError } from '#core/errors.ts';
import type { Target } from '#core/pack/pack.ts';
import type { NoRoom } from '#core/ports.ts';
import type { Exchange } from './exchange.ts';
import { openIntent, type Plan, worstCase } from './intent.ts';
import type { ExchangeKit } from './kit.ts';
import { downgradeTargets } from './routing/models.ts';

/**
 * Makes the call durable and sets its worst case aside of the budgets of app and key, both or neither. Returns the targets that may
 * be called: those of the plan, or of a cheaper model where a full budget says so. Throws `budget_exceeded`, `price_unknown`,
 * `budget_unavailable` or `audit_unavailable`; the provider is not called then.
 */
export async function setAside(exchange: Exchange, plan: Plan, kit: ExchangeKit): Promise<readonly Target[]> {
  const { app, keyId, budget } = exchange.caller;
  const owners = budgetOwners(app, keyId, budget);
  if (owners.length === 0) {
    await openIntent(exchange, plan, worstCase(exchange, plan, kit), undefined, kit);
    return plan.targets;
  }
  const maxTokens = Math.min(...owners.map((owner) => owner.budget.maxTokens));
  const noRoom = await reserve(exchange, { ...plan, maxTokens }, owners, {}, kit);
  if (!noRoom) return plan.targets;

  const full = noRoom.full.map(({ id }) => id);
  const cheaper = cheaperTargets(exchange, owners, full, kit);
  if (!cheaper) throw exceeded(exchange, noRoom);
  const downgraded = { full, downgraded_to: firstTarget(cheaper).model };
  const none = await reserve(exchange, { ...plan, targets: cheaper, maxTokens }, owners, downgraded, kit);
  if (none) throw exceeded(exchange, none);
  return cheaper;
}

/** One try, with one set of targets. Notes on the exchange what it holds. */
async function reserve(
  exchange: Exchange,
  plan: Plan & { readonly maxTokens: number },
  owners: readonly BudgetOwner[],
  why: Pick<Hold, 'full' | 'downgraded_to'>,
  kit: ExchangeKit,
): Promise<NoRoom | undefined> {
  const { modelRoute, body } = exchange;
  const [target] = plan.targets;
  if (target) exchange.body = modelRoute.limitOutput?.(body, plan.maxTokens, target) ?? body;
  const worst = worstCase(exchange, plan, kit);
  if (worst === null && owners.some(({ budget }) => budget.unknownPrice === 'refuse')) throw unpriced();
  const accounts = accountsOf(owners, new Date(exchange.startedAt).toISOString());
  exchange.hold = { reserved_micros: worst ?? 0, accounts, ...why };
  const noRoom = await openIntent(exchange, plan, worst, exchange.hold, kit);
  if (noRoom) {
    exchange.wanted = worst ?? 0;
    exchange.hold = { reserved_micros: 0, accounts, full: noRoom.full.map(({ id }) => id) };
  }
  return noRoom;
}

/** Where every full budget falls back to a cheaper model: the targets of the first one's. */
function cheaperTargets(
  { deployment, caller, model, requestId }: Exchange,
  owners: readonly BudgetOwner[],
  full: readonly string[],
  { ports }: ExchangeKit,
): readonly Target[] | undefined {
  const models = full.map((id) => {
    const budget = owners.find(({ owner }) => owner === partsOf(id).owner)?.budget;
    return budget && downgradeModel(budget);
  });
  const [cheaper] = models;
  if (cheaper === undefined || models.includes(undefined) || cheaper === model) return undefined;
  const targets = downgradeTargets(deployment, caller, cheaper);
  if (targets.length > 0) return targets;
  // Only an operator can help; for the client the budget is full.
  ports.log.error('budget.downgrade_unusable', { request_id: requestId, app: caller.app.id, model: cheaper });
  return undefined;
}

function exceeded({ hold, wanted = 0 }: Exchange, { full: [account] }: NoRoom): GatewayError {
  const id = account?.id ?? '';
  const { owner, period } = partsOf(id);
  const limit = hold?.accounts.find((one) => one.id === id)?.limit_micros ?? 0;
  const left = Math.max(0, limit - (account?.usedMicros ?? 0));
  const whose = owner.startsWith('key/') ? 'this API key' : 'this app';
  const name = period.length > 7 ? 'daily' : 'monthly';
  return new GatewayError(
    'budget_exceeded',
    `The ${name} budget of ${whose} has ${shownDollars(left)} of ${shownDollars(limit)} left, and this call may cost up to ` +
      `${shownDollars(wanted)}. A smaller max_tokens makes a call cheaper; the budget begins anew at ${resetsAt(id)}.`,
  );
}

function unpriced(): GatewayError {
  return new GatewayError(
    'price_unknown',
    'The price of this model is not known here, and this app has a budget. An operator can give the target a price, or set ' +
      '"unknown_price: pass" on the budget.',
    { param: 'model' },
  );
}

export function firstTarget(targets: readonly Target[]): Target {
  const [target] = targets;
  if (!target) throw new Error('no target');
  return target;
}
