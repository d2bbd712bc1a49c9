import type { LedgerEvent } from '#core/ledger/event.ts';

/** Columns of a daily usage row, in the order of the expression that adds to it. */
export const COUNTERS = [
  'calls',
  'blocked',
  'input',
  'cached_input',
  'cache_write',
  'output',
  'reasoning',
  'audio',
  'cost_micros',
  'unpriced',
] as const;

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
}

export function usageDelta(event: LedgerEvent): UsageDelta {
  const { usage } = event;
  return {
    app: event.app_id,
    day: event.at.slice(0, 10),
    model: event.model_requested.slice(0, MAX_MODEL),
    calls: 1,
    blocked: event.verdict === 'blocked' || event.type === 'request.blocked' ? 1 : 0,
    // Rows keep the classes they always had: the finer ones are part of them.
    input: usage.input + (usage.audio_input ?? 0),
    cached_input: usage.cached_input,
    cache_write: usage.cache_write + (usage.cache_write_1h ?? 0),
    output: usage.output,
    reasoning: usage.reasoning,
    audio: usage.audio,
    cost_micros: event.cost.micros ?? 0,
    unpriced: event.cost.micros === null ? 1 : 0,
  };
}

/** The other way round: takes back what was counted for a call. */
export function negated(delta: UsageDelta): UsageDelta {
  return { ...delta, ...counters((name) => -delta[name]) };
}

/** One delta per row: those of the same app, day and model are summed. */
export function perRow(deltas: readonly UsageDelta[]): UsageDelta[] {
  const rows = new Map<string, UsageDelta>();
  for (const delta of deltas) {
    const name = JSON.stringify([delta.app, delta.day, delta.model]);
    const before = rows.get(name);
    rows.set(
      name,
      before ? { ...before, ...counters((counter) => before[counter] + delta[counter]) } : delta,
    );
  }
  return [...rows.values()];
}

function counters(value: (name: Counter) => number): Counters {
  return Object.fromEntries(COUNTERS.map((name) => [name, value(name)])) as Record<Counter, number>;
}
