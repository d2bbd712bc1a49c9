import * as z from 'zod';
import { EVENT_FORMATS, type EventFormat } from '#core/ledger/event-file.ts';
import { cursorSeal } from '../cursor-seal.ts';
import { eventFilters, filterFor, instant, ranged } from '../event-query.ts';
import { type ExportPage, exportPage } from '../export-page.ts';
import type { Person } from '../person.ts';
import type { ConsolePorts } from '../ports.ts';
import { readQuery } from '../read-query.ts';
import { recordExport } from '../record-export.ts';
import { type Routes, routes } from './context.ts';

export const ExportQuery = ranged(eventFilters.extend({ from: instant, format: z.enum(EVENT_FORMATS) }));
type ExportQuery = z.output<typeof ExportQuery>;

const TYPES = { jsonl: 'application/jsonl', csv: 'text/csv; charset=utf-8' } as const;

type ExportPorts = Pick<ConsolePorts, 'events' | 'clock' | 'ids' | 'record' | 'cursorKey'>;

/**
 * Events of a range as a file, part by part: the parts one after the other are the whole file. Headers say how many lines a part
 * has and where the next begins. Each part is an event before it leaves.
 */
export function exportRoutes(ports: ExportPorts): Routes {
  const cursors = cursorSeal(ports.cursorKey);
  return routes().get('/exports', async (c) => {
    const { cursor, ...query } = readQuery(c.req.url, ExportQuery);
    const { format, ...filters } = query;
    const person = c.get('person');
    const filter = filterFor(person, filters);
    const use = { route: `/api/exports?format=${format}`, person, filter };
    const { id, at } =
      cursor === undefined ? { id: ports.ids.next() } : begin(await cursors.open(cursor, use));
    const as_of = new Date(ports.clock.now()).toISOString();
    const page = await exportPage(ports, { ...filter, ...(at !== undefined && { cursor: at }) }, format);
    await recordPart(ports, person, id, query, page);
    const next = page.next === undefined ? undefined : await cursors.seal(`${id}~${page.next}`, use);
    return c.body(page.text, 200, headersOf(page, format, as_of, next));
  });
}

/** All parts of a file are events of one request: the position carries its id. */
function begin(position: string): { id: string; at?: string } {
  const [id = '', at = ''] = position.split('~');
  return { id, at };
}

function recordPart(
  ports: ExportPorts,
  person: Person,
  requestId: string,
  { format, app, from, to, ...others }: Omit<ExportQuery, 'cursor'>,
  { rows, next }: ExportPage,
): Promise<void> {
  const taken = { what: 'events', format, from, ...(to !== undefined && { to }), rows } as const;
  const detail = new URLSearchParams(JSON.parse(JSON.stringify(others))).toString();
  const complete = next === undefined;
  return recordExport(ports, person, { ...taken, complete, app, route: '/api/exports', detail, requestId });
}

function headersOf(
  { rows }: ExportPage,
  format: EventFormat,
  as_of: string,
  next: string | undefined,
): Record<string, string> {
  return {
    'content-type': TYPES[format],
    'content-disposition': `attachment; filename="keeptrusts-events-${as_of.slice(0, 10)}.${format}"`,
    'x-keeptrusts-rows': String(rows),
    'x-keeptrusts-complete': String(next === undefined),
    'x-keeptrusts-as-of': as_of,
    ...(next !== undefined && { 'x-keeptrusts-next': next }),
  };
}
