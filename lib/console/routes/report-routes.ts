import { Hono } from 'hono/tiny';
import * as z from 'zod';
import { hashEvent } from '#core/ledger/chain.ts';
import { LedgerEvent } from '#core/ledger/event.ts';
import { MAX_REPORT_BYTES, MAX_REPORTED, type Receipt } from '#core/ledger/report.ts';
import { ConsoleError } from '../console-error.ts';
import type { ConsoleOptions, ConsolePorts } from '../ports.ts';
import { readJson } from '../read-json.ts';
import { check } from '../read-query.ts';
import { signInGateway } from '../sign-in.ts';

/** Events on their way to the queue at a time. */
const AT_ONCE = 10;

export const Report = z.strictObject({
  events: z.array(z.unknown()).min(1).max(MAX_REPORTED, `may hold ${MAX_REPORTED} events at most`),
});

/** The times and names that become keys of the ledger must be usable as such. */
const name = z.string().min(1).max(200);
const Reported = LedgerEvent.extend({
  at: z.iso.datetime(),
  ended_at: z.iso.datetime(),
  event_id: name,
  request_id: name,
  app_id: name,
});

type ReportPorts = Pick<ConsolePorts, 'keys' | 'clock' | 'sink' | 'log'>;

/**
 * `POST /v1/events`: gateways elsewhere report what they recorded. Each event goes the way of all events, through the queue to the
 * recorder, which stores an event once however often it is sent.
 */
export function reportRoutes(ports: ReportPorts, options: Pick<ConsoleOptions, 'environment'>): Hono {
  return new Hono().post('/events', async (c) => {
    const gateway = await signInGateway(c.req.header('authorization') ?? null, ports);
    const { events } = check(await readJson(c.req.raw, MAX_REPORT_BYTES), Report);
    const results: Receipt[] = [];
    for (let at = 0; at < events.length; at += AT_ONCE) {
      const group = events.slice(at, at + AT_ONCE);
      results.push(...(await Promise.all(group.map((event) => receive(event, ports, options)))));
    }
    ports.log.info('events reported', { gateway, ...tally(results) });
    if (results.every(({ status }) => status === 'unavailable')) throw unavailable();
    return c.json({ results });
  });
}

async function receive(
  value: unknown,
  { sink }: ReportPorts,
  { environment }: Pick<ConsoleOptions, 'environment'>,
): Promise<Receipt> {
  const parsed = Reported.safeParse(value);
  if (!parsed.success) return refused(value, problemOf(parsed.error));
  const event = parsed.data;
  if (event.environment === environment)
    return refused(event, `the gateways of "${environment}" do not report here: they record themselves`);
  if (!event.truncated && hashEvent(withoutHash(event)) !== event.hash)
    return refused(event, 'hash: is not that of the event');
  const { tier } = await sink.send(event);
  return { event_id: event.event_id, status: tier === 'log' ? 'unavailable' : 'accepted' };
}

function withoutHash({ hash, ...event }: LedgerEvent): Omit<LedgerEvent, 'hash'> {
  return event;
}

function refused(value: unknown, reason: string): Receipt {
  const id = z.object({ event_id: name }).safeParse(value);
  return { event_id: id.success ? id.data.event_id : null, status: 'rejected', reason };
}

/** Names of members and what was expected, never a value. */
function problemOf({ issues }: z.ZodError): string {
  return issues
    .slice(0, 3)
    .map(({ path, code }) => `${path.join('.') || '(event)'}: ${code}`)
    .join('; ');
}

function tally(results: readonly Receipt[]): Record<Receipt['status'], number> {
  const count = (wanted: Receipt['status']) => results.filter(({ status }) => status === wanted).length;
  return {
    accepted: count('accepted'),
    rejected: count('rejected'),
    unavailable: count('unavailable'),
  };
}

function unavailable(): ConsoleError {
  return new ConsoleError('audit_unavailable', 'The events cannot be stored right now. Send them again.');
}
