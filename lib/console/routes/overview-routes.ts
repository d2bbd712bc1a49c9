import * as z from 'zod';
import type { UsageRow } from '#core/cost/usage.ts';
import type { LedgerEvent } from '#core/ledger/event.ts';
import { visibleApps } from '../person.ts';
import type { ConsolePorts } from '../ports.ts';
import { readQuery } from '../read-query.ts';
import { usageIn } from '../usage-in.ts';
import type { OverviewPoint, OverviewView } from '../views.ts';
import { appId } from './app-routes.ts';
import { type Routes, routes } from './context.ts';

const HOUR = 60 * 60 * 1000;
const DAY = 24 * HOUR;
/** Newest events that hours and latencies are made of, and cases that are counted. */
const MAX_EVENTS = 1000;
const MAX_CASES = 200;

export const OverviewQuery = z.strictObject({
  days: z.coerce.number().int().min(1).max(90).default(7),
  app: appId.optional(),
});

type OverviewPorts = Pick<ConsolePorts, 'usage' | 'events' | 'reviews' | 'clock'>;

/** The state of things in three bounded reads: usage rows of the days, the newest events of the last 24 hours, open cases. */
export function overviewRoutes(ports: OverviewPorts): Routes {
  return routes().get('/overview', async (c) => {
    const { days, app } = readQuery(c.req.url, OverviewQuery);
    return c.json(await overview(ports, days, visibleApps(c.get('person'), app)));
  });
}

async function overview(
  { usage, events, reviews, clock }: OverviewPorts,
  days: number,
  apps: readonly string[] | undefined,
): Promise<OverviewView> {
  const now = clock.now();
  const span = timesOf(now, days, DAY).map((at) => at.slice(0, 10));
  const [from = '', to = ''] = [span[0], span.at(-1)];
  const last = { from: timesOf(now, 24, HOUR)[0] ?? '', limit: MAX_EVENTS };
  const [rows, page, open, claimed] = await Promise.all([
    usageIn(usage, from, to, apps),
    events.list(apps ? { ...last, appIds: apps } : last),
    reviews.list('open', MAX_CASES + 1),
    reviews.list('claimed', MAX_CASES + 1),
  ]);
  const undecided = [...open, ...claimed];
  const cases = undecided.filter(({ appId: id }) => !apps || apps.includes(id));
  const calls = page.events.filter(({ type }) => type.startsWith('request.'));
  return {
    from,
    to,
    ...totals(rows),
    open_reviews: Math.min(cases.length, MAX_CASES),
    open_reviews_complete: undecided.length <= MAX_CASES,
    ...latencies(calls),
    days: span.map((at) => dayPoint(at, rows)),
    hours: timesOf(now, 24, HOUR).map((at) => hourPoint(at, calls)),
    hours_complete: page.complete,
    as_of: new Date(now).toISOString(),
  };
}

/** The beginnings of the last `count` hours or days, oldest first, the present one included. */
function timesOf(now: number, count: number, step: number): string[] {
  const present = Math.floor(now / step) * step;
  return Array.from({ length: count }, (_, i) => new Date(present - (count - 1 - i) * step).toISOString());
}

function totals(rows: readonly UsageRow[]) {
  const requests = sum(rows, ({ calls }) => calls);
  const blocked = sum(rows, (row) => row.blocked);
  return {
    requests,
    blocked,
    block_rate: requests === 0 ? 0 : blocked / requests,
    cost_micros: sum(rows, ({ costMicros }) => costMicros),
    unpriced: sum(rows, ({ unpriced }) => unpriced),
  };
}

function dayPoint(at: string, rows: readonly UsageRow[]): OverviewPoint {
  const { requests, blocked, cost_micros } = totals(rows.filter(({ day }) => day === at));
  return { at, requests, blocked, cost_micros };
}

function hourPoint(at: string, calls: readonly LedgerEvent[]): OverviewPoint {
  const here = calls.filter((event) => event.at.slice(0, 13) === at.slice(0, 13));
  return {
    at,
    requests: here.length,
    blocked: here.filter(({ verdict }) => verdict === 'blocked').length,
    cost_micros: sum(here, ({ cost }) => cost.micros ?? 0),
  };
}

/** Nearest rank; calls that no policy looked at would make it look better than it is. */
function latencies(calls: readonly LedgerEvent[]): Pick<OverviewView, 'added_latency_us'> {
  const times = calls
    .filter(({ policies }) => policies.length > 0)
    .map(({ policies }) => sum(policies, ({ latency_us }) => latency_us))
    .sort((a, b) => a - b);
  const at = (share: number) => times[Math.ceil(share * times.length) - 1] ?? 0;
  return times.length === 0 ? {} : { added_latency_us: { p50: at(0.5), p95: at(0.95), calls: times.length } };
}

function sum<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((total, item) => total + value(item), 0);
}
