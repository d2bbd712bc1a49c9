import { isObject, type JsonObject } from '#core/json.ts';
import type { LedgerEvent } from '#core/ledger/event.ts';
import { fitEvent } from '#core/ledger/fit-event.ts';
import { MAX_REPORT_BYTES, MAX_REPORTED } from '#core/ledger/report.ts';
import { EVENT } from './journal-event-sink.ts';
import { readSegmentFrom } from './journal-reader.ts';
import { listSegments, SEGMENT_MS } from './journal-segment.ts';
import type { Positions } from './report-position.ts';

/** A stretch of a segment that ends with an event to report, or only with records nobody asks for. */
export interface Stretch {
  readonly segment: string;
  readonly end: number;
  readonly event?: JsonObject;
}

/** Room for the brackets around the events. */
const ROOM = 1000;
const MAX_EVENT_BYTES = 900_000;

/**
 * What comes next after `positions`, oldest segment first: as many events as fit into one report. A torn tail is not part of
 * it: nobody was told that it is safe.
 */
export async function nextBatch(
  directory: string,
  positions: Positions,
  now = Date.now(),
): Promise<Stretch[]> {
  const stretches: Stretch[] = [];
  let bytes = ROOM;
  let events = 0;
  for (const { name, path, bytes: size, begun } of (await listSegments(directory)).reverse()) {
    const from = positions.get(name) ?? 0;
    if (size <= from) continue;
    for await (const { record, end } of readSegmentFrom(path, from)) {
      const event = record.kind === EVENT ? reportable(record['event']) : undefined;
      bytes += event ? Buffer.byteLength(JSON.stringify(event)) + 1 : 0;
      if (event && events > 0 && bytes > MAX_REPORT_BYTES) return stretches;
      stretches.push({ segment: name, end, ...(event ? { event } : {}) });
      events += event ? 1 : 0;
      if (events === MAX_REPORTED) return stretches;
    }
    // Nobody writes to it any more: a torn tail stays torn.
    if (now - begun > 2 * SEGMENT_MS) stretches.push({ segment: name, end: size });
  }
  return stretches;
}

/** No longer than the control plane's queue takes. */
function reportable(event: unknown): JsonObject | undefined {
  return isObject(event)
    ? (fitEvent(event as unknown as LedgerEvent, MAX_EVENT_BYTES) as unknown as JsonObject)
    : undefined;
}

/** The positions after a report: each segment up to the first event that was not taken. */
export function advance(
  positions: Positions,
  stretches: readonly Stretch[],
  taken: (stretch: Stretch) => boolean,
): Map<string, number> {
  const next = new Map(positions);
  const stopped = new Set<string>();
  for (const stretch of stretches) {
    const { segment, end } = stretch;
    if (stretch.event && !taken(stretch)) stopped.add(segment);
    if (!stopped.has(segment)) next.set(segment, end);
  }
  return next;
}

/** Without segments that are deleted. */
export async function present(directory: string, positions: Positions): Promise<Map<string, number>> {
  const names = new Set((await listSegments(directory)).map(({ name }) => name));
  return new Map([...positions].filter(([name]) => names.has(name)));
}

/** Bytes of the journal that are not acknowledged yet. */
export async function bytesLeft(directory: string, positions: Positions): Promise<number> {
  const segments = await listSegments(directory);
  return segments.reduce((sum, { name, bytes }) => sum + bytes - (positions.get(name) ?? 0), 0);
}
