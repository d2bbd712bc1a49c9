import type { AppView } from '../views.ts';

const MILLION = 1_000_000;

/** What the form for an app holds, as typed. */
export interface AppFields {
  readonly name: string;
  readonly owner: string;
  readonly costCenter: string;
  /** Names separated by commas. */
  readonly models: string;
  /** Dollars. */
  readonly daily: string;
  readonly monthly: string;
}
export type AppField = keyof AppFields;

export function fieldsOf({ name, owner, cost_center, models, budget }: AppView): AppFields {
  return {
    name,
    owner: owner ?? '',
    costCenter: cost_center ?? '',
    models: models?.join(', ') ?? '',
    daily: dollarsOf(budget?.daily_micros),
    monthly: dollarsOf(budget?.monthly_micros),
  };
}

/** The fields that a person changed. */
export type AppEdits = Partial<AppFields>;

/** The change to send: what was edited and is not what the app says already, and the version that was seen; undefined = nothing. */
export function changeOf(app: AppView, edits: AppEdits): Record<string, unknown> | undefined {
  const before = fieldsOf(app);
  const differs = (field: AppField) => edits[field] !== undefined && edits[field].trim() !== before[field];
  const { name, owner, costCenter, models, daily, monthly } = { ...before, ...edits };
  const change = {
    ...(differs('name') && { name: name.trim() }),
    ...(differs('owner') && { owner: owner.trim() || null }),
    ...(differs('costCenter') && { cost_center: costCenter.trim() || null }),
    ...(differs('models') && { models: namesIn(models) }),
    ...((differs('daily') || differs('monthly')) && { budget: budgetOf(app, daily, monthly) }),
  };
  return Object.keys(change).length > 0 ? { ...change, version: app.version } : undefined;
}

function namesIn(text: string): string[] | null {
  const names = text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  return names.length > 0 ? names : null;
}

function budgetOf({ budget }: AppView, daily: string, monthly: string) {
  const { daily_micros: _day, monthly_micros: _month, ...same } = budget ?? {};
  const limits = {
    ...(daily.trim() && { daily_micros: microsOf(daily) }),
    ...(monthly.trim() && { monthly_micros: microsOf(monthly) }),
  };
  return Object.keys(limits).length > 0 ? { ...same, ...limits } : null;
}

/** What is no amount is sent as NaN, which JSON has not: the console refuses it by name. */
function microsOf(dollars: string): number {
  return /^\d{1,9}(\.\d{1,6})?$/.test(dollars.trim()) ? Math.round(Number(dollars) * MILLION) : Number.NaN;
}

function dollarsOf(micros: number | undefined): string {
  return micros === undefined ? '' : String(micros / MILLION);
}
