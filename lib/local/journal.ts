import { mkdir } from 'node:fs/promises';
import { encodeRecord, type JournalRecord } from './journal-frame.ts';
import { segmentWriter } from './journal-segment.ts';

/** An append-only record of what happened, in one folder. Read it with `readJournal`. */
export interface Journal {
  /** Resolves when the record is on disk: from then on a kill or a power cut does not lose it. Rejects when it is not. */
  append(record: JournalRecord): Promise<void>;
  /** Waits for what was appended, then closes the file. */
  close(): Promise<void>;
}

export interface JournalOptions {
  /** A new file is begun after this many bytes. Default 16 MiB. */
  readonly segmentBytes?: number;
  /** Bytes that may wait for the disk; more is refused. Default 64 MiB. */
  readonly waitingBytes?: number;
}

interface Waiting {
  readonly bytes: Buffer;
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

const MEBIBYTE = 1024 * 1024;
/** What one write to the disk takes at most, so that a long queue does not become one huge buffer. */
const BATCH_BYTES = 8 * MEBIBYTE;

/** Opens a journal for appending, and makes its folder (readable by the owner only). */
export async function openJournal(directory: string, options: JournalOptions = {}): Promise<Journal> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const writer = segmentWriter(directory, options.segmentBytes ?? 16 * MEBIBYTE);
  const limit = options.waitingBytes ?? 64 * MEBIBYTE;
  const queue: Waiting[] = [];
  let waitingBytes = 0;
  let flushing: Promise<void> | undefined;
  let closed = false;

  /** Group commit: everything that arrived while the disk was busy goes out with one sync. */
  async function flush(): Promise<void> {
    while (queue.length > 0) {
      const batch = queue.splice(0, batchLength(queue));
      waitingBytes -= batch.reduce((sum, { bytes }) => sum + bytes.length, 0);
      await writer.write(Buffer.concat(batch.map(({ bytes }) => bytes))).then(
        () => {
          for (const { done } of batch) done();
        },
        (error: unknown) => {
          for (const { failed } of batch) failed(error);
        },
      );
    }
    flushing = undefined;
  }

  return {
    async append(record) {
      if (closed) throw new Error(`the journal ${directory} is closed`);
      const bytes = encodeRecord(record);
      if (waitingBytes + bytes.length > limit) {
        throw new Error(`the journal ${directory} cannot keep up: the disk is too slow`);
      }
      return new Promise((done, failed) => {
        queue.push({ bytes, done, failed });
        waitingBytes += bytes.length;
        flushing ??= flush();
      });
    },
    async close() {
      closed = true;
      await flushing;
      await writer.close();
    },
  };
}

function batchLength(queue: readonly Waiting[]): number {
  let bytes = 0;
  const end = queue.findIndex((entry) => {
    bytes += entry.bytes.length;
    return bytes > BATCH_BYTES;
  });
  return end === -1 ? queue.length : Math.max(end, 1);
}
