import * as z from 'zod';
import { SPEND_FORMATS, type SpendFormat, spendFile } from '#core/cost/spend-file.ts';
import {
  DEFAULT_SPLIT,
  MAX_SPEND_DAYS,
  readDimensions,
  SPEND_DIMENSIONS,
  type SpendDimension,
  type SpendLine,
  type SpendSums,
  spendReport,
  spendTotal,
} from '#core/cost/spend-report.ts';
import type { UsageRow } from '#core/cost/usage.ts';
import { type Person, visibleApps } from '../person.ts';
import type { ConsoleOptions, ConsolePorts } from '../ports.ts';
import { readQuery } from '../read-query.ts';
import { recordExport } from '../record-export.ts';
import { usageIn } from '../usage-in.ts';
import { type Routes, routes } from './context.ts';

const DAY = 24 * 60 * 60 * 1000;

const day = z.iso.date('is a day like 2026-11-23');
const dimensions = z.string().transform((text, context) => {
  const names = readDimensions(text);
  if (names) return names;
  context.addIssue(`names some of ${SPEND_DIMENSIONS.join(', ')}, each once`);
  return z.NEVER;
});
export const SpendQuery = z
  .strictObject({
    from: day,
    to: day,
    app: z.string().min(1).max(200),
    by: dimensions,
    format: z.enum(SPEND_FORMATS),
  })
  .partial()
  .refine(({ by, format }) => format !== 'focus' || !by, {
    path: ['by'],
    error: 'is for json and csv; a FOCUS row is of one app, model and day',
  });

interface Wanted {
  readonly from: string;
  readonly to: string;
  readonly app: string | undefined;
  readonly by: readonly SpendDimension[] | undefined;
  readonly format: SpendFormat | undefined;
}

type SpendPorts = Pick<ConsolePorts, 'usage' | 'clock' | 'ids' | 'record'>;

/**
 * Daily usage and cost per app and model, or summed `by` app, model and day; without `from` and `to` the last 30 days (UTC). With a
 * `format` it is a file to keep, and its download an event. An answer is whole or refused.
 */
export function spendRoutes(ports: SpendPorts, { environment }: Pick<ConsoleOptions, 'environment'>): Routes {
  return routes().get('/spend', async (c) => {
    const now = ports.clock.now();
    const wanted = readQuery(c.req.url, wantedAt(now));
    const apps = visibleApps(c.get('person'), wanted.app);
    const rows = await usageIn(ports.usage, wanted.from, wanted.to, apps);
    const view = () => ({ ...spendView(rows, wanted), complete: true, as_of: new Date(now).toISOString() });
    if (!wanted.format) return c.json(view());
    const text =
      wanted.format === 'json'
        ? JSON.stringify(view())
        : spendFile(rows, { format: wanted.format, environment, by: wanted.by ?? [] });
    await recordDownload(ports, c.get('person'), wanted, linesOf(rows, wanted));
    return c.body(text, 200, fileHeaders(wanted));
  });
}

/** What is asked for, defaults in their places: files are split as `kt spend report` does. */
function wantedAt(now: number): z.ZodType<Wanted> {
  return SpendQuery.transform(({ from, to = dayOf(now), app, by, format }) => ({
    from: from ?? dayOf(Date.parse(to) - 29 * DAY),
    to,
    app,
    by: by ?? (format && DEFAULT_SPLIT),
    format,
  })).refine(({ from, to }) => from <= to && Date.parse(to) - Date.parse(from) < MAX_SPEND_DAYS * DAY, {
    error: `from must not be after to, and ${MAX_SPEND_DAYS} days are the most`,
  });
}

function spendView(rows: readonly UsageRow[], { from, to, by }: Wanted) {
  const total = amounts(spendTotal(rows));
  if (!by) return { from, to, rows: rows.map(rowView), total };
  return { from, to, by, lines: spendReport(rows, by).map((line) => lineView(line, by)), total };
}

function linesOf(rows: readonly UsageRow[], { by = [], format }: Wanted): number {
  return format === 'focus' ? rows.length : spendReport(rows, by).length;
}

function recordDownload(
  ports: SpendPorts,
  person: Person,
  { from, to, app, format = 'json' }: Wanted,
  rows: number,
): Promise<void> {
  const taken = { what: 'spend', format, from, to, rows, complete: true } as const;
  return recordExport(ports, person, { ...taken, app, route: '/api/spend' });
}

function fileHeaders({ from, to, format }: Wanted): Record<string, string> {
  const [kind, ending] = format === 'focus' ? ['focus', 'csv'] : ['spend', format];
  return {
    'content-type': format === 'json' ? 'application/json' : 'text/csv; charset=utf-8',
    'content-disposition': `attachment; filename="keeptrusts-${kind}-${from}-${to}.${ending}"`,
  };
}

function dayOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 10);
}

function rowView(row: UsageRow) {
  return { app_id: row.appId, day: row.day, model: row.model, ...amounts(row), quantities: row.quantities };
}

function lineView(line: SpendLine, by: readonly SpendDimension[]) {
  return { ...Object.fromEntries(by.map((name) => [name, line[name]])), ...amounts(line) };
}

/** Calls without a known price are counted apart: their cost is not in `cost_micros`. */
function amounts({ calls, blocked, input, output, costMicros, unpriced }: SpendSums) {
  return { calls, blocked, input_tokens: input, output_tokens: output, cost_micros: costMicros, unpriced };
}
