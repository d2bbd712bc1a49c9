import { GatewayError } from '#core/errors.ts';
import type { EventFilter } from '#core/ports.ts';
import { type Position, readCursor } from './event-cursor.ts';

/** What a page looks at: ISO times, inclusive, and where it begins. */
export interface EventRange {
  readonly from: string;
  readonly to: string | undefined;
  readonly start: Position;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** A first page begins on the last day of the range; calls of tomorrow cannot be there, but of a clock that is ahead. */
export function rangeOf(filter: EventFilter, now: number): EventRange {
  if (filter.cursor !== undefined) {
    const { from, to, day, id } = readCursor(filter.cursor, filter);
    return { from, to, start: { day, ...(id === undefined ? {} : { id }) } };
  }
  const from = filter.from === undefined ? new Date(now - DAY_MS).toISOString() : isoOf(filter.from, 'from');
  const to = filter.to === undefined ? undefined : isoOf(filter.to, 'to');
  const tomorrow = new Date(now + DAY_MS).toISOString();
  const last = to !== undefined && to < tomorrow ? to : tomorrow;
  return { from, to, start: { day: last.slice(0, 10) } };
}

function isoOf(text: string, param: string): string {
  const time = Date.parse(text);
  if (Number.isNaN(time)) {
    throw new GatewayError(
      'invalid_request',
      `"${param}" is not a time. Write it like 2026-11-23T09:30:00Z.`,
      { param },
    );
  }
  return new Date(time).toISOString();
}

export function dayBefore(day: string): string {
  return new Date(Date.parse(day) - DAY_MS).toISOString().slice(0, 10);
}
