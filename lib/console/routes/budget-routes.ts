import * as z from 'zod';
import type { AccountState } from '#core/budget/accounts.ts';
import { accountsOf, type BudgetOwner, partsOf, resetsAt } from '#core/budget/accounts.ts';
import { visibleApps } from '../person.ts';
import type { ConsolePorts } from '../ports.ts';
import { readQuery } from '../read-query.ts';
import type { BudgetStateView } from '../views.ts';
import { appId } from './app-routes.ts';
import { type Routes, routes } from './context.ts';

/** Accounts that one answer shows, and that are read at once. */
const MAX_ACCOUNTS = 400;
const AT_ONCE = 100;

export const BudgetQuery = z.strictObject({ app: appId.optional() });

type BudgetPorts = Pick<ConsolePorts, 'apps' | 'admin' | 'budgets' | 'clock'>;

/** How much of each budget is gone, now. */
export function budgetRoutes(ports: BudgetPorts): Routes {
  return routes().get('/budgets', async (c) => {
    const { app } = readQuery(c.req.url, BudgetQuery);
    const at = new Date(ports.clock.now()).toISOString();
    const owners = await ownersOf(ports, visibleApps(c.get('person'), app));
    const lines = owners.flatMap((one) => accountsOf([one], at).map((account) => ({ ...one, account })));
    const shown = lines.slice(0, MAX_ACCOUNTS);
    const states = await statesOf(
      ports,
      shown.map(({ account }) => account.id),
    );
    return c.json({
      budgets: shown.map(({ budget, account }, index) =>
        view(account.id, account.limit_micros, budget.onExceed, states[index]),
      ),
      complete: lines.length === shown.length,
      as_of: at,
    });
  });
}

async function ownersOf(ports: BudgetPorts, apps: readonly string[] | undefined): Promise<BudgetOwner[]> {
  const [known, keys] = await Promise.all([ports.apps(), ports.admin.listKeys()]);
  const within = (id: string) => !apps || apps.includes(id);
  const ofApps = known
    .filter(({ id }) => within(id))
    .map(({ id, budget }) => ({ owner: `app/${id}`, budget }));
  const ofKeys = keys
    .filter(({ appId: id, revokedAt }) => revokedAt === undefined && within(id))
    .map(({ id, budget }) => ({ owner: `key/${id}`, budget }));
  return [...ofApps, ...ofKeys].filter((one): one is BudgetOwner => one.budget !== undefined);
}

async function statesOf({ budgets }: BudgetPorts, ids: readonly string[]): Promise<AccountState[]> {
  const states: AccountState[] = [];
  for (let at = 0; at < ids.length; at += AT_ONCE)
    states.push(...(await budgets.states(ids.slice(at, at + AT_ONCE))));
  return states;
}

function view(id: string, limit: number, onExceed: string, state: AccountState | undefined): BudgetStateView {
  const { owner, period } = partsOf(id);
  const [kind = '', name = ''] = owner.split('/');
  return {
    owner: kind === 'key' ? 'key' : 'app',
    id: name,
    period: period.length === 7 ? 'month' : 'day',
    limit_micros: limit,
    spent_micros: state?.spentMicros ?? 0,
    used_micros: state?.usedMicros ?? 0,
    on_exceed: onExceed,
    resets_at: resetsAt(id),
  };
}
