import * as z from 'zod';
import { LedgerEvent } from '#core/ledger/event.ts';
import type { EventFilter } from '#core/ports.ts';
import { ConsoleError } from '../console-error.ts';
import type { ConsolePorts } from '../ports.ts';
import { check, readQuery } from '../read-query.ts';
import { type Routes, routes } from './context.ts';

const MAX_DAYS = 400;
const DAY = 24 * 60 * 60 * 1000;

const OUTCOMES = ['completed', 'blocked', 'failed', 'client_aborted', 'outcome_unknown', 'refused'] as const;

const name = z.string().min(1).max(200);
export const requestId = z.string().regex(/^[\w-]{1,64}$/, 'is a request id: letters, digits, - and _');
const instant = z.iso
  .datetime({ offset: true, error: 'is a time like 2026-11-23T10:00:00Z' })
  .transform((text) => new Date(text).toISOString());

const EventQuery = z
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
    limit: z.coerce.number().int().min(1).max(200),
    cursor: z.string().min(1).max(4096),
  })
  .partial()
  .refine(({ from, to }) => !from || !to || from <= to, 'from must not be after to')
  .refine(({ from, to }) => !from || !to || Date.parse(to) - Date.parse(from) <= MAX_DAYS * DAY, {
    error: `from and to may be ${MAX_DAYS} days apart at most`,
  });

/** Events newest first, and all events of one request. */
export function eventRoutes({ events, clock }: Pick<ConsolePorts, 'events' | 'clock'>): Routes {
  return routes()
    .get('/events', async (c) => c.json(await events.list(filterOf(readQuery(c.req.url, EventQuery)))))
    .get('/events/:id', async (c) => {
      const id = check(c.req.param('id'), requestId);
      const found = await events.find(id);
      if (!found.length) throw new ConsoleError('not_found', `There is no event of request ${id} (yet).`);
      return c.json({ request_id: id, events: found, as_of: new Date(clock.now()).toISOString() });
    });
}

function filterOf({ app, request_id, end_user, key, ...same }: z.output<typeof EventQuery>): EventFilter {
  const filter = { appId: app, requestId: request_id, subject: end_user, keyId: key, limit: 50, ...same };
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined));
}
