import { type FileHandle, open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeTime, ulid } from 'ulid';

/** One file of a journal. Names sort by the time they were begun. */
export interface Segment {
  readonly name: string;
  readonly path: string;
  readonly bytes: number;
  /** Epoch milliseconds of its beginning and of the last write. */
  readonly begun: number;
  readonly modified: number;
}

/** A file is written to for so long at most: what is older may be read to its end, and deleted. */
export const SEGMENT_MS = 60 * 60_000;

/** Writes byte batches durably, in files of a bounded size. */
export interface SegmentWriter {
  /** Resolves when the bytes are on disk. After a failure the next write begins a new file. */
  write(bytes: Buffer): Promise<void>;
  close(): Promise<void>;
}

const NAME = /^[0-7][0-9A-HJKMNP-TV-Z]{25}\.jsonl$/;

/**
 * Never appends to a file of an earlier process: a torn tail stays where it is, harmless, and two processes may write
 * to the same journal without a lock.
 */
export function segmentWriter(directory: string, segmentBytes: number): SegmentWriter {
  let handle: FileHandle | undefined;
  let size = 0;
  let begun = 0;

  async function leave(): Promise<void> {
    const leaving = handle;
    handle = undefined;
    await leaving?.close();
  }
  async function abandon(error: unknown): Promise<never> {
    await handle?.truncate(size).catch(() => undefined);
    await leave().catch(() => undefined);
    throw error;
  }
  async function begin(): Promise<FileHandle> {
    handle = await createSegment(directory);
    size = 0;
    begun = Date.now();
    return handle;
  }

  return {
    async write(bytes) {
      if (Date.now() - begun > SEGMENT_MS) await leave().catch(() => undefined);
      const target = handle ?? (await begin());
      await persist(target, bytes).catch(abandon);
      size += bytes.length;
      if (size >= segmentBytes) await leave().catch(() => undefined);
    },
    close: leave,
  };
}

/** Newest first. A journal that does not exist yet has no segments. */
export async function listSegments(directory: string): Promise<Segment[]> {
  const names = (await namesIn(directory)).filter((name) => NAME.test(name));
  const found = await Promise.all(names.map((name) => describe(directory, name)));
  return found.filter((segment) => segment !== undefined).sort((a, b) => (a.name < b.name ? 1 : -1));
}

async function persist(handle: FileHandle, bytes: Buffer): Promise<void> {
  await handle.appendFile(bytes);
  await handle.datasync();
}

/** The directory is synced as well: a file whose name is lost with the power is lost. */
async function createSegment(directory: string): Promise<FileHandle> {
  const handle = await open(join(directory, `${ulid()}.jsonl`), 'ax', 0o600);
  await syncDirectory(directory);
  return handle;
}

async function syncDirectory(directory: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(directory, 'r');
  await folder.sync().finally(() => folder.close());
}

/** Undefined when it has just been deleted. */
async function describe(directory: string, name: string): Promise<Segment | undefined> {
  const path = join(directory, name);
  const found = await stat(path).catch(unlessGone);
  if (!found) return undefined;
  const { size, mtimeMs } = found;
  return { name, path, bytes: size, begun: decodeTime(name.slice(0, 26)), modified: mtimeMs };
}

async function namesIn(directory: string): Promise<string[]> {
  return (await readdir(directory).catch(unlessGone)) ?? [];
}

/** Nothing, where a file or folder does not exist (any more). */
export function unlessGone(error: unknown): undefined {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
}
