import { isObject, type JsonObject } from '#core/json.ts';
import { LedgerEvent } from '#core/ledger/event.ts';
import { eventMatcher } from '#core/ledger/event-matcher.ts';
import type { Clock, EventFilter, EventPage, EventReader } from '#core/ports.ts';
import { EVENT } from './journal-event-sink.ts';
import { readJournal } from './journal-reader.ts';
import { newestEvents } from './newest-events.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 1000;
const ULID = /^[0-9A-Z]{26}$/;

/** Reads events back from a journal folder, newest first. Each page is a pass over the files of the asked time. */
export function journalEventReader(directory: string, clock: Clock): EventReader {
  return {
    async list(filter) {
      const now = clock.now();
      const asked = { ...filter, from: filter.from ?? new Date(now - DAY_MS).toISOString() };
      const page = await readPage(directory, asked, clampLimit(filter.limit));
      return { ...page, as_of: new Date(now).toISOString() };
    },
    async find(requestId) {
      const { events } = await readPage(directory, { requestId }, MAX_LIMIT);
      return events.reverse();
    },
  };
}

async function readPage(
  directory: string,
  filter: EventFilter,
  limit: number,
): Promise<Omit<EventPage, 'as_of'>> {
  const matches = eventMatcher(filter, Date.parse);
  const newest = newestEvents(limit + 1, filter.cursor && decodeCursor(filter.cursor));
  const from = filter.from ? Date.parse(filter.from) : 0;

  // An event is written after it began, so a file that was last written earlier cannot hold anything newer.
  const files = readJournal(directory, ({ modified }) => modified >= from && modified >= newest.floor());
  for await (const entry of files) {
    const event = 'record' in entry && entry.record.kind === EVENT ? entry.record['event'] : undefined;
    if (isObject(event) && matches(event)) newest.offer(event);
  }
  return toPage(newest.take(), limit);
}

function toPage(found: readonly JsonObject[], limit: number): Omit<EventPage, 'as_of'> {
  const events = found.slice(0, limit).map((event) => LedgerEvent.parse(event));
  const last = events.at(-1);
  const more = found.length > limit && last !== undefined;
  return more ? { events, complete: false, next: encodeCursor(last.event_id) } : { events, complete: true };
}

function clampLimit(limit = DEFAULT_LIMIT): number {
  return Math.min(Math.max(Math.trunc(limit), 1), MAX_LIMIT);
}

function encodeCursor(eventId: string): string {
  return Buffer.from(eventId).toString('base64url');
}

function decodeCursor(cursor: string): string {
  const eventId = Buffer.from(cursor, 'base64url').toString();
  if (!ULID.test(eventId)) throw new RangeError('the cursor is not one of ours');
  return eventId;
}
