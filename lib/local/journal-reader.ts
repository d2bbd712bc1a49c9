import { createReadStream } from 'node:fs';
import { decodeLine, type JournalRecord, MAX_RECORD_BYTES } from './journal-frame.ts';
import { listSegments, type Segment, unlessGone } from './journal-segment.ts';

/** A record, or the fact that a line in the middle of a file does not hold (changed or damaged). */
export type JournalEntry =
  | { readonly record: JournalRecord; readonly segment: Segment }
  | { readonly damaged: number; readonly segment: Segment };

const LINE_FEED = 0x0a;
/** Checksum, length and two spaces come on top of the JSON. */
const MAX_LINE_BYTES = MAX_RECORD_BYTES + 32;

/**
 * Reads a journal, newest file first and in the order of writing within a file. The unfinished last line that a kill or
 * a running writer leaves is skipped: nobody was told that it is safe. Any other line that does not hold is reported as
 * `damaged` with its line number. Memory is bounded by one record.
 */
export async function* readJournal(
  directory: string,
  wanted: (segment: Segment) => boolean = () => true,
): AsyncGenerator<JournalEntry> {
  for (const segment of await listSegments(directory)) {
    if (wanted(segment)) yield* readSegment(segment);
  }
}

/**
 * Damage is told only when a sound record follows it: what follows the last sound record is the torn tail of a
 * write that nobody acknowledged.
 */
async function* readSegment(segment: Segment): AsyncGenerator<JournalEntry> {
  let line = 0;
  let suspects: number[] = [];
  for await (const { bytes } of linesOf(segment.path)) {
    line += 1;
    const record = decodeLine(bytes);
    if (!record) {
      if (suspects.length < 1000) suspects.push(line);
      continue;
    }
    for (const damaged of suspects) yield { damaged, segment };
    suspects = [];
    yield { record, segment };
  }
}

/** A sound record of a segment and where it ends, in bytes. */
export interface PlacedRecord {
  readonly record: JournalRecord;
  readonly end: number;
}

/** The sound records of a segment that begin at or after the byte `from`, which must be the end of one. Nothing when the file is gone. */
export async function* readSegmentFrom(path: string, from: number): AsyncGenerator<PlacedRecord> {
  for await (const { bytes, end } of linesOf(path, from)) {
    const record = decodeLine(bytes);
    if (record) yield { record, end };
  }
}

/** Finished lines without their line feed, and where each ends. A line that is longer than any record comes out empty. */
async function* linesOf(path: string, from = 0): AsyncGenerator<{ bytes: Buffer; end: number }> {
  let rest: Buffer[] = [];
  let held = 0;
  let position = from;
  const chunks: AsyncIterable<Buffer> = createReadStream(path, { start: from, highWaterMark: 256 * 1024 });
  for await (const chunk of unlessDeleted(chunks)) {
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end !== -1; end = chunk.indexOf(LINE_FEED, start)) {
      rest.push(chunk.subarray(start, end));
      held += end - start;
      yield { bytes: held > MAX_LINE_BYTES ? Buffer.alloc(0) : join(rest), end: position + end + 1 };
      rest = [];
      held = 0;
      start = end + 1;
    }
    position += chunk.length;
    held += chunk.length - start;
    if (held > MAX_LINE_BYTES) rest = [];
    else rest.push(chunk.subarray(start));
  }
}

/** A segment that is deleted before it is read holds nothing. */
async function* unlessDeleted(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield* chunks;
  } catch (error) {
    unlessGone(error);
  }
}

function join(parts: Buffer[]): Buffer {
  const [first] = parts;
  return parts.length === 1 && first ? first : Buffer.concat(parts);
}
