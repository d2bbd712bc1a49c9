import type { LedgerEvent } from '#core/ledger/event.ts';
import type { AppKey } from '#core/ports.ts';
import { sampleRow } from '../contracts/sample-records.ts';
import { heldCase } from '../review/memory-desk.ts';
import { governedCall, pageStage } from './page-stage.ts';

const NOON = Date.parse('2026-11-23T12:00:00.000Z');
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const AS_OF = new Date(NOON).toISOString();

const APPS = [
  ['support', 'Support bot', 'customer-care', 'cc-7', 120_000_000],
  ['claims', 'Claims assistant', 'insurance', 'cc-12', 60_000_000],
  ['search', 'Search in the handbook', 'people', 'cc-3', 55_000_000],
] as const;
const MODELS = ['gpt-4o-mini', 'gpt-4o', 'claude-sonnet'];
const VERDICTS = ['allowed', 'redacted', 'allowed', 'allowed', 'blocked', 'allowed', 'flagged'] as const;

/** A small company's console: made up, the same in each run. */
export async function sampleStage() {
  const calls = Array.from({ length: 120 }, (_, n) => sampleCall(n));
  const stage = await pageStage({
    events: {
      list: async ({ verdict }) => {
        const events = calls.filter((event) => !verdict || event.verdict === verdict);
        return { events, complete: true, as_of: AS_OF };
      },
      find: async (id) => calls.filter((event) => event.request_id === id),
    },
    budgets: {
      states: async (ids) =>
        ids.map((id, n) => ({ id, spentMicros: 14_000_000 * (n + 1), usedMicros: 15_800_000 * (n + 1) })),
    },
    usage: { usage: async (from, to) => usageRows().filter(({ day }) => from <= day && day <= to) },
  });
  for (const [id, name, owner, costCenter, monthlyMicros] of APPS) {
    const budget = {
      monthlyMicros,
      onExceed: 'block',
      unknownPrice: 'refuse',
      maxTokens: 4_096,
    } as const;
    stage.apps.set(id, { id, name, owner, costCenter, budget: { ...budget, warnAt: [80] } });
    stage.keys.set(id, sampleKey(id));
  }
  fillQueue(stage.cases);
  return stage;
}

function sampleCall(n: number): LedgerEvent {
  const at = NOON - 40_000 - n * n * 5_500;
  const verdict = VERDICTS[n % VERDICTS.length] ?? 'allowed';
  const model = MODELS[n % 5 === 0 ? 1 : (n * 7) % 3] ?? 'gpt-4o-mini';
  const call = governedCall(`01JDCK4W${String(1000 + n)}`, {
    at: new Date(at).toISOString(),
    ended_at: new Date(at + 700 + ((n * 379) % 2_400)).toISOString(),
    app_id: APPS[(n * 5) % 3]?.[0] ?? 'support',
    model_requested: model,
    model_used: model,
    verdict,
    cost: { micros: 40 + ((n * 97) % 900), price_table: 'sample' },
    ...(n === 1 && { claims: { dify_app_id: 'f2c1', workflow: 'triage' } }),
  });
  if (verdict === 'redacted') return call;
  const policies = call.policies.map(
    (policy) => ({ ...policy, action: 'allow', reason: 'ok', rules: {} }) as const,
  );
  return verdict === 'blocked' ? stopped(call) : { ...call, policies };
}

/** The first policy stopped it, nobody was asked, nothing was spent. */
function stopped({ finish_reason, provider, model_used, ...call }: LedgerEvent): LedgerEvent {
  const rules = { 'injection.override': 1 };
  return {
    ...call,
    policies: call.policies
      .slice(0, 1)
      .map((policy) => ({ ...policy, action: 'block', reason: 'prompt_injection.detected', rules }) as const),
    attempts: [],
    error_code: 'prompt_injection.detected',
    usage: { ...call.usage, input: 0, output: 0 },
    cost: { micros: 0, price_table: 'sample' },
  };
}

function usageRows() {
  return Array.from({ length: 30 }, (_, back) =>
    APPS.map(([appId], which) => {
      const calls = 180 + ((back * 53 + which * 91) % 140);
      return sampleRow({
        appId,
        day: new Date(NOON - back * DAY).toISOString().slice(0, 10),
        model: MODELS[which] ?? 'gpt-4o-mini',
        calls,
        blocked: calls % 9,
        input: calls * 620,
        output: calls * 140,
        costMicros: calls * (1_900 + which * 2_300),
      });
    }),
  ).flat();
}

function sampleKey(appId: string): AppKey {
  return {
    id: `key_${appId}`,
    appId,
    name: 'dify',
    prefix: 'kt_live_3k9x',
    createdAt: new Date(NOON - 40 * DAY).toISOString(),
    lastUsedAt: new Date(NOON - 2 * 60_000).toISOString(),
  };
}

function fillQueue(cases: Awaited<ReturnType<typeof pageStage>>['cases']): void {
  const due = (hours: number) => ({
    openedAt: new Date(NOON - HOUR).toISOString(),
    dueAt: new Date(NOON + hours * HOUR).toISOString(),
  });
  const answer =
    'Take two tablets a day with a meal. If the pain has not gone after three days, take three a day for a week.';
  cases.set('c1', heldCase('c1', { ...due(0.5), answer }));
  const claim = { by: 'rob', at: AS_OF, until: new Date(NOON + HOUR / 5).toISOString() };
  cases.set(
    'c2',
    heldCase('c2', {
      ...due(2),
      appId: 'claims',
      model: 'gpt-4o',
      state: 'claimed',
      claim,
      rules: ['oversight.legal'],
    }),
  );
  cases.set(
    'c3',
    heldCase('c3', { ...due(3.2), appId: 'search', rules: ['oversight.finance'], onTimeout: 'release' }),
  );
}
