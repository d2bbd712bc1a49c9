import { type EventFormat, eventHead, eventLine } from '#core/ledger/event-file.ts';
import type { Clock, EventFilter, EventReader } from '#core/ports.ts';

/** Events read at a time; a page ends after the read that reaches one of the bounds. */
const AT_ONCE = 200;
const MAX_CHARS = 4 * 1024 * 1024;
const MAX_MS = 10_000;

/** A part of a file of events. */
export interface ExportPage {
  readonly text: string;
  /** Lines below the head. */
  readonly rows: number;
  /** Where the next part begins; absent = the file is whole. */
  readonly next?: string;
}

/** Reads on until the range ends or a bound is met; a part may be empty and have a next one. The first has the head. */
export async function exportPage(
  { events, clock }: { readonly events: Pick<EventReader, 'list'>; readonly clock: Clock },
  { cursor, ...filter }: EventFilter,
  format: EventFormat,
): Promise<ExportPage> {
  const end = clock.now() + MAX_MS;
  let text = cursor === undefined ? eventHead(format) : '';
  let rows = 0;
  let next = cursor;
  do {
    const page = await events.list({
      ...filter,
      limit: AT_ONCE,
      ...(next !== undefined && { cursor: next }),
    });
    text += page.events.map((event) => eventLine(event, format)).join('');
    rows += page.events.length;
    next = page.next;
  } while (next !== undefined && text.length < MAX_CHARS && clock.now() < end);
  return { text, rows, ...(next !== undefined && { next }) };
}
