import { Journal, readJournal } from './journal.ts';

/**
 * A map that survives `kill -9`: a change is visible at once, and its promise resolves when the operating system holds it.
 * (No fsync: a power cut may lose the last moments, as befits a laptop.)
 */
export interface DurableMap<V> {
  readonly size: number;
  get(key: string): V | undefined;
  entries(): IterableIterator<[string, V]>;
  /** Makes all changes or, after a kill, none; `undefined` deletes. */
  put(changes: Iterable<readonly [string, V | undefined]>): Promise<void>;
  close(): Promise<void>;
}

export interface DurableMapOptions {
  /** Journal file, readable by its owner only; undefined = memory. */
  readonly file?: string | undefined;
  /** Superseded values that may pile up before the journal is rewritten. 0 keeps no old value on disk. */
  readonly slack?: number;
}

/** Opens a map and replays its journal. A line cut off by a kill was never acknowledged and is dropped. */
export async function openDurableMap<V>(options: DurableMapOptions): Promise<DurableMap<V>> {
  const state = new Map<string, V>();
  if (options.file === undefined) return memoryMap(state);
  const { changes, torn } = await readJournal(options.file);
  apply(state, changes as readonly (readonly [string, V | undefined])[]);
  const journal = new Journal(options.file, state, options.slack ?? 10_000);
  if (torn || changes.length > state.size) await journal.rewrite();
  else await journal.open(changes.length);
  return {
    ...memoryMap(state),
    get size() {
      return state.size;
    },
    async put(changes) {
      const list = [...changes];
      apply(state, list);
      await journal.append(list);
    },
    close: () => journal.close(),
  };
}

function memoryMap<V>(state: Map<string, V>): DurableMap<V> {
  return {
    get size() {
      return state.size;
    },
    get: (key) => state.get(key),
    entries: () => state.entries(),
    put: async (changes) => apply(state, changes),
    close: async () => {},
  };
}

function apply<V>(state: Map<string, V>, changes: Iterable<readonly [string, V | undefined]>): void {
  for (const [key, value] of changes) {
    if (value === undefined) state.delete(key);
    else state.set(key, value);
  }
}
