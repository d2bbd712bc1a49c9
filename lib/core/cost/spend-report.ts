import type { UsageRow } from './usage.ts';

/** What a report can be split by. */
export const SPEND_DIMENSIONS = ['app', 'model', 'day'] as const;
export type SpendDimension = (typeof SPEND_DIMENSIONS)[number];

/** Days that one report may span. */
export const MAX_SPEND_DAYS = 400;

/** What a report is split by where nobody says. */
export const DEFAULT_SPLIT: readonly SpendDimension[] = ['app', 'model'];

/** `app,day`: some of the dimensions, each once; undefined for anything else. */
export function readDimensions(text: string): SpendDimension[] | undefined {
  const names = text.split(',').map((name) => name.trim());
  const known = (name: string): name is SpendDimension => SPEND_DIMENSIONS.some((each) => each === name);
  return names.every(known) && new Set(names).size === names.length ? names : undefined;
}

/** A line of a report: what it is of, and exact sums. */
export type SpendLine = Partial<Record<SpendDimension, string>> & SpendSums;

export interface SpendSums {
  readonly calls: number;
  readonly blocked: number;
  readonly input: number;
  readonly output: number;
  readonly costMicros: number;
  readonly unpriced: number;
}

const SUMS = ['calls', 'blocked', 'input', 'output', 'costMicros', 'unpriced'] as const;
const VALUE: Readonly<Record<SpendDimension, (row: UsageRow) => string>> = {
  app: ({ appId }) => appId,
  model: ({ model }) => model,
  day: ({ day }) => day,
};

/** Daily rows summed by the dimensions asked for, in their order; lines sorted by them. Integers only: nothing is rounded. */
export function spendReport(rows: readonly UsageRow[], by: readonly SpendDimension[]): SpendLine[] {
  const lines = new Map<string, SpendLine>();
  for (const row of rows) {
    const place = Object.fromEntries(by.map((name) => [name, VALUE[name](row)]));
    const key = JSON.stringify(Object.values(place));
    lines.set(key, { ...place, ...added(lines.get(key), row) });
  }
  return [...lines].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, line]) => line);
}

/** All rows together. */
export function spendTotal(rows: readonly SpendSums[]): SpendSums {
  return rows.reduce<SpendSums>(added, NOTHING);
}

const NOTHING: SpendSums = { calls: 0, blocked: 0, input: 0, output: 0, costMicros: 0, unpriced: 0 };

function added(sums: SpendSums = NOTHING, more: SpendSums): SpendSums {
  return Object.fromEntries(SUMS.map((name) => [name, sums[name] + more[name]])) as unknown as SpendSums;
}
