import * as z from 'zod';
import { LedgerEvent } from '#core/ledger/event.ts';
import type { EventFilter } from '#core/ports.ts';
import { type Person, visibleApps } from './person.ts';

const MAX_DAYS = 400;
const DAY = 24 * 60 * 60 * 1000;

const OUTCOMES = ['completed', 'blocked', 'failed', 'client_aborted', 'outcome_unknown', 'refused'] as const;

const name = z.string().min(1).max(200);
export const requestId = z.string().regex(/^[\w-]{1,64}$/, 'is a request id: letters, digits, - and _');
export const instant = z.iso
  .datetime({ offset: true, error: 'is a time like 2026-11-23T10:00:00Z' })
  .transform((text) => new Date(text).toISOString());

/** What events may be filtered by. */
export const eventFilters = z
  .strictObject({
    app: name,
    verdict: LedgerEvent.shape.verdict,
    /** An event type; of `request.…` the end is enough: `completed`, `blocked`, … */
    outcome: z.enum([...LedgerEvent.shape.type.options, ...OUTCOMES]),
    model: name,
    provider: name,
    policy: name,
    /** Of a policy that spoke (with `policy`: of that one), or an error's code. */
    reason: name,
    /** As events name the end user: an HMAC. */
    end_user: z
      .string()
      .regex(/^[0-9a-f]{64}$/, 'is the pseudonym that events have as "subject": 64 hex digits'),
    key: z.string().regex(/^[\w-]{1,64}$/, 'is the id of a key: key_…'),
    request_id: requestId,
    from: instant,
    to: instant,
    cursor: z.string().min(1).max(4096),
  })
  .partial();

interface Range {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** A query whose range is in order and not too long. */
export function ranged<S extends z.ZodType<Range>>(query: S): S {
  return query
    .refine(({ from, to }) => !from || !to || from <= to, 'from must not be after to')
    .refine(({ from, to }) => !from || !to || Date.parse(to) - Date.parse(from) <= MAX_DAYS * DAY, {
      error: `from and to may be ${MAX_DAYS} days apart at most`,
    });
}

export const EventQuery = ranged(
  eventFilters.extend({ limit: z.coerce.number().int().min(1).max(200).default(50) }),
);

/** The filter of a query, limited to what the person may see. Throws 404 for another app. */
export function filterFor(person: Person, query: z.output<typeof eventFilters>): EventFilter {
  const apps = visibleApps(person, query.app);
  const filter = filterOf(query);
  return apps && filter.appId === undefined ? { ...filter, appIds: apps } : filter;
}

function filterOf({ app, request_id, end_user, key, ...same }: z.output<typeof eventFilters>): EventFilter {
  const filter = { appId: app, requestId: request_id, subject: end_user, keyId: key, ...same };
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined));
}
