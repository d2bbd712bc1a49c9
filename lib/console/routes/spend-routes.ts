import * as z from 'zod';
import { type SpendSums, spendTotal } from '#core/cost/spend-report.ts';
import type { UsageRow } from '#core/cost/usage.ts';
import type { ConsolePorts } from '../ports.ts';
import { readQuery } from '../read-query.ts';
import { type Routes, routes } from './context.ts';

const DAY = 24 * 60 * 60 * 1000;
const MAX_DAYS = 366;

const day = z.iso.date('is a day like 2026-11-23');
const SpendQuery = z.strictObject({ from: day, to: day, app: z.string().min(1).max(200) }).partial();

/** Daily usage and cost per app and model; without `from` and `to` the last 30 days (UTC). */
export function spendRoutes({ usage, clock }: Pick<ConsolePorts, 'usage' | 'clock'>): Routes {
  return routes().get('/spend', async (c) => {
    const now = clock.now();
    const Period = SpendQuery.transform(({ from, to = dayOf(now), app }) => ({
      from: from ?? dayOf(Date.parse(to) - 29 * DAY),
      to,
      app,
    })).refine(({ from, to }) => from <= to && Date.parse(to) - Date.parse(from) < MAX_DAYS * DAY, {
      error: `from must not be after to, and ${MAX_DAYS} days are the most`,
    });
    const { from, to, app } = readQuery(c.req.url, Period);
    const rows = await usage.usage(from, to, app);
    return c.json({
      from,
      to,
      rows: rows.map(rowView),
      total: amounts(spendTotal(rows)),
      as_of: new Date(now).toISOString(),
    });
  });
}

function dayOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 10);
}

function rowView(row: UsageRow) {
  return { app_id: row.appId, day: row.day, model: row.model, ...amounts(row), tokens: row.tokens };
}

/** Calls without a known price are counted apart: their cost is not in `cost_micros`. */
function amounts({ calls, blocked, input, output, costMicros, unpriced }: SpendSums) {
  return { calls, blocked, input_tokens: input, output_tokens: output, cost_micros: costMicros, unpriced };
}
