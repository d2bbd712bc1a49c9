import * as z from 'zod';
import type { LedgerEvent } from '#core/ledger/event.ts';
import type { EventSink, Log } from '#core/ports.ts';
import { withFileLock } from './file-lock.ts';
import { readIfExists, replaceFile } from './private-file.ts';

const KeyUse = z.object({ firstUsedAt: z.string(), lastUsedAt: z.string() });
export type KeyUse = z.infer<typeof KeyUse>;

/** What `.kt/key-uses.json` holds: when a key was first and last used, by its id. */
const UseFile = z.record(z.string(), KeyUse);

/** A process writes the file at most so often, however many keys are used: a kill loses no more than this. */
const EVERY_MS = 60_000;

export interface WatchedSink extends EventSink {
  /** Writes what is not written yet. */
  close(): Promise<void>;
}

/** Notes in the file at `path` which app keys a sink's events were made with, beside the calls: none waits for it, none fails by it. */
export function watchKeyUses(
  sink: EventSink,
  { path, log, everyMs = EVERY_MS }: { path: string; log: Log; everyMs?: number },
): WatchedSink {
  let unwritten = new Map<string, KeyUse>();
  let timer: NodeJS.Timeout | undefined;

  function note({ auth, key_id: id, at }: LedgerEvent): void {
    if (auth !== 'app_key') return;
    unwritten.set(id, joined(unwritten.get(id), { firstUsedAt: at, lastUsedAt: at }));
    timer ??= setTimeout(() => void write(), everyMs).unref();
  }

  async function write(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    if (unwritten.size === 0) return;
    const uses = unwritten;
    unwritten = new Map();
    await addUses(path, uses).catch((error: unknown) =>
      log.error('the use of keys could not be noted', { error: String(error) }),
    );
  }

  return {
    async send(event) {
      note(event);
      return sink.send(event);
    },
    close: write,
  };
}

async function addUses(path: string, uses: ReadonlyMap<string, KeyUse>): Promise<void> {
  await withFileLock(path, async () => {
    const known = await readKeyUses(path);
    for (const [id, use] of uses) known.set(id, joined(known.get(id), use));
    await replaceFile(path, `${JSON.stringify(Object.fromEntries(known))}\n`);
  });
}

/** Uses by key id. A file that cannot be understood holds none: nothing depends on it but what a list shows. */
export async function readKeyUses(path: string): Promise<Map<string, KeyUse>> {
  const found = UseFile.safeParse(parse((await readIfExists(path)) ?? '{}'));
  return new Map(Object.entries(found.data ?? {}));
}

function joined(one: KeyUse | undefined, other: KeyUse): KeyUse {
  if (!one) return other;
  return {
    // biome-ignore lint/complexity/useMathMinMax: these are ISO times.
    firstUsedAt: one.firstUsedAt < other.firstUsedAt ? one.firstUsedAt : other.firstUsedAt,
    // biome-ignore lint/complexity/useMathMinMax: these are ISO times.
    lastUsedAt: one.lastUsedAt > other.lastUsedAt ? one.lastUsedAt : other.lastUsedAt,
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
