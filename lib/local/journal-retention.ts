import { rm } from 'node:fs/promises';
import { listSegments, SEGMENT_MS, type Segment } from './journal-segment.ts';

export interface Retention {
  /** The journal's size is kept below this by deleting its oldest files. */
  readonly maxBytes: number;
  /** Files whose last write is older are deleted; undefined = whatever their age. */
  readonly maxAgeMs?: number;
  /** False for a file that somebody still needs, such as one that is not reported yet. */
  mayDelete(segment: Segment): boolean;
}

export interface Pruned {
  readonly deleted: readonly Segment[];
  readonly bytes: number;
  /** Nothing more may be deleted, and the journal is still larger than it may be. */
  readonly full: boolean;
}

/** Deletes what the retention says, oldest first. A file that a process may still write to stays. */
export async function pruneJournal(directory: string, retention: Retention, now: number): Promise<Pruned> {
  const segments = (await listSegments(directory)).reverse();
  let bytes = segments.reduce((sum, segment) => sum + segment.bytes, 0);
  const deleted: Segment[] = [];
  for (const segment of segments) {
    const old = retention.maxAgeMs !== undefined && now - segment.modified > retention.maxAgeMs;
    if (!old && bytes <= retention.maxBytes) continue;
    if (now - segment.begun < 2 * SEGMENT_MS || !retention.mayDelete(segment)) continue;
    await rm(segment.path, { force: true });
    deleted.push(segment);
    bytes -= segment.bytes;
  }
  return { deleted, bytes, full: bytes > retention.maxBytes };
}

/** Bytes of all files. */
export async function journalBytes(directory: string): Promise<number> {
  return (await listSegments(directory)).reduce((sum, { bytes }) => sum + bytes, 0);
}
