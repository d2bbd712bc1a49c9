import type { LedgerEvent } from '#core/ledger/event.ts';
import {
  completionTokens,
  promptTokens,
  QUANTITIES,
  type Quantities,
  type Usage,
  type UsageRow,
} from './usage.ts';

/** Counters of a daily usage row, in the order of the expression that adds to it. */
export const COUNTERS = ['calls', 'blocked', ...QUANTITIES, 'cost_micros', 'unpriced'] as const;

type Counter = (typeof COUNTERS)[number];
type Counters = Readonly<Record<Counter, number>>;

/** A model name is part of a key: 1024 bytes at most, whatever a client sends. */
const MAX_MODEL = 200;

/** What one event adds to the daily row of its app and model. Integers. */
export interface UsageDelta extends Counters {
  readonly app: string;
  /** yyyy-mm-dd (UTC) on which the call began. */
  readonly day: string;
  readonly model: string;
  /** Calls of unknown cost have a row of their own, so that no cost is shown beside tokens it does not cover. */
  readonly cost?: 'unknown';
}

export function usageDelta(event: LedgerEvent): UsageDelta {
  const unknown = event.cost.micros === null;
  return {
    app: event.app_id,
    day: event.at.slice(0, 10),
    model: event.model_requested.slice(0, MAX_MODEL),
    ...(unknown && { cost: 'unknown' }),
    calls: 1,
    blocked: event.verdict === 'blocked' || event.type === 'request.blocked' ? 1 : 0,
    ...quantities(event),
    cost_micros: event.cost.micros ?? 0,
    unpriced: unknown ? 1 : 0,
  };
}

function quantities({ usage, policies }: LedgerEvent): Quantities {
  const judged = policies.flatMap(({ remote = [] }) => remote.flatMap((record) => record.usage ?? []));
  const sum = (tokens: (usage: Usage) => number) => judged.reduce((total, one) => total + tokens(one), 0);
  const measured = { ...usage, judge_input: sum(promptTokens), judge_output: sum(completionTokens) };
  return fromNames(QUANTITIES, (name) => measured[name] ?? 0);
}

/** The other way round: takes back what was counted for a call. */
export function negated(delta: UsageDelta): UsageDelta {
  return { ...delta, ...fromNames(COUNTERS, (name) => -delta[name]) };
}

/** A delta that was kept as JSON, perhaps by a version with fewer counters: it counted nothing in those. */
export function keptDelta(json: string): UsageDelta {
  const kept = JSON.parse(json) as Omit<UsageDelta, Counter> & Partial<Counters>;
  return { ...fromNames(COUNTERS, () => 0), ...kept };
}

/** One delta per row: those of the same row are summed. */
export function perRow(deltas: readonly UsageDelta[]): UsageDelta[] {
  const sums = usageSums();
  for (const delta of deltas) sums.add(delta);
  return sums.rows();
}

/** Sums deltas as they come; it grows with rows, not with deltas. */
export function usageSums(): { add(delta: UsageDelta): void; rows(): UsageDelta[] } {
  const sums = new Map<string, UsageDelta & Record<Counter, number>>();
  return {
    add(delta) {
      const row = JSON.stringify([delta.app, delta.day, delta.model, delta.cost]);
      const sum = sums.get(row);
      if (!sum) sums.set(row, { ...delta });
      else for (const name of COUNTERS) sum[name] += delta[name];
    },
    rows: () => [...sums.values()],
  };
}

/** The sum of deltas as readers get it. */
export function usageRow(sum: UsageDelta): UsageRow {
  return {
    appId: sum.app,
    day: sum.day,
    model: sum.model,
    calls: sum.calls,
    blocked: sum.blocked,
    input: promptTokens(sum),
    output: completionTokens(sum),
    quantities: fromNames(QUANTITIES, (name) => sum[name]),
    costMicros: sum.cost_micros,
    unpriced: sum.unpriced,
  };
}

function fromNames<Name extends string>(
  names: readonly Name[],
  value: (name: Name) => number,
): Record<Name, number> {
  const numbers = {} as Record<Name, number>;
  for (const name of names) numbers[name] = value(name);
  return numbers;
}
