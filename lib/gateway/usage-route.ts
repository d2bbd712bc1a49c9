import {
  type AccountState,
  accountsOf,
  type BudgetOwner,
  budgetOwners,
  partsOf,
  resetsAt,
} from '#core/budget/accounts.ts';
import type { HeldAccount } from '#core/budget/hold.ts';
import type { UsageRow } from '#core/cost/usage.ts';
import { GatewayError } from '#core/errors.ts';
import type { JsonObject } from '#core/json.ts';
import type { Caller, GatewayPorts } from './ports.ts';
import { jsonResponse, standardHeaders } from './respond.ts';
import type { Route } from './routes.ts';

/** `GET /keeptrusts/usage`: what the holder of a key may know of its own money. */
export function usageRoute(ports: GatewayPorts): Route {
  return {
    method: 'GET',
    path: '/keeptrusts/usage',
    governance: 'no-model-call',
    key: 'required',
    async handle({ caller, requestId }) {
      if (!caller) throw new Error('a usage call without caller');
      const now = new Date(ports.clock.now()).toISOString();
      const body = await usageOf(caller, now, ports).catch((cause: unknown) => {
        throw new GatewayError(
          'budget_unavailable',
          'Spend and budgets cannot be read right now. Try again in a moment.',
          { cause },
        );
      });
      return jsonResponse(200, body, standardHeaders({ requestId }));
    },
  };
}

async function usageOf(caller: Caller, now: string, ports: GatewayPorts): Promise<JsonObject> {
  const { app, keyId } = caller;
  const owners = budgetOwners(app, keyId, caller.budget);
  const accounts = accountsOf(owners, now);
  const states = (await ports.budgets?.states(accounts.map(({ id }) => id))) ?? [];
  const rows = await ports.usage?.usage(`${now.slice(0, 7)}-01`, now.slice(0, 10), app.id);
  return {
    as_of: now,
    app: { id: app.id, name: app.name },
    key: { id: keyId },
    ...(rows ? { app_spend: { today: sum(rows, now.slice(0, 10)), month: sum(rows) } } : {}),
    budgets: accounts.map((account, i) => budgetView(account, states[i], owners)),
    limits: { app: limitsView(app.limits), key: limitsView(caller.limits) },
  };
}

function budgetView(
  { id, limit_micros }: HeldAccount,
  state: AccountState | undefined,
  owners: readonly BudgetOwner[],
): JsonObject {
  const { owner, period } = partsOf(id);
  const { spentMicros = 0, usedMicros = 0 } = state ?? {};
  return {
    of: owner.startsWith('key/') ? 'key' : 'app',
    period: period.length > 7 ? 'day' : 'month',
    limit_micros,
    spent_micros: spentMicros,
    reserved_micros: usedMicros - spentMicros,
    left_micros: Math.max(0, limit_micros - usedMicros),
    on_exceed: owners.find((one) => one.owner === owner)?.budget.onExceed ?? 'block',
    resets_at: resetsAt(id),
  };
}

function limitsView(limits: Caller['limits'] = {}): JsonObject {
  return {
    requests_per_minute: limits.requestsPerMinute ?? null,
    tokens_per_minute: limits.tokensPerMinute ?? null,
    concurrent: limits.concurrent ?? null,
  };
}

/** Calls without a known price are counted apart: their cost is not in `cost_micros`. */
function sum(rows: readonly UsageRow[], day?: string): JsonObject {
  const wanted = rows.filter((row) => day === undefined || row.day === day);
  const total = (name: 'calls' | 'input' | 'output' | 'costMicros' | 'unpriced') =>
    wanted.reduce((all, row) => all + row[name], 0);
  return {
    calls: total('calls'),
    input_tokens: total('input'),
    output_tokens: total('output'),
    cost_micros: total('costMicros'),
    unpriced_calls: total('unpriced'),
  };
}
