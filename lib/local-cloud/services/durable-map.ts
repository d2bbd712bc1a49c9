import type { FileHandle } from 'node:fs/promises';
import { chmod, open, readFile, rename, writeFile } from 'node:fs/promises';

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
  const { changes, torn } = await replay(options.file, state);
  const journal = new Journal(options.file, state, options.slack ?? 10_000);
  if (torn || changes > state.size) await journal.rewrite();
  else await journal.open(changes);
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

/** One line per `put`, so that a torn tail takes all of its changes or none. */
function lineOf(changes: readonly Change[]): string {
  return `${JSON.stringify(changes.map(([key, value]) => (value === undefined ? [key] : [key, value])))}\n`;
}

type Change = readonly [key: string, value: unknown];

async function replay<V>(file: string, state: Map<string, V>): Promise<{ changes: number; torn: boolean }> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  const lines = text.split('\n');
  const torn = lines.pop() !== '';
  let count = 0;
  for (const [index, line] of lines.entries()) {
    try {
      const changes = JSON.parse(line) as [string, V?][];
      apply(
        state,
        changes.map(([key, value]) => [key, value] as const),
      );
      count += changes.length;
    } catch {
      throw new Error(`${file}:${index + 1} is damaged; start with --fresh to begin with empty state`);
    }
  }
  return { changes: count, torn };
}

/** The file behind a map: appends are grouped, and the whole is rewritten when it is mostly history. */
class Journal {
  readonly #file: string;
  readonly #state: Map<string, unknown>;
  readonly #slack: number;
  #handle: FileHandle | undefined;
  #waiting: (readonly Change[])[] = [];
  #scheduled: Promise<void> | undefined;
  #last: Promise<void> = Promise.resolve();
  #changes = 0;
  #broken: unknown;

  constructor(file: string, state: Map<string, unknown>, slack: number) {
    this.#file = file;
    this.#state = state;
    this.#slack = slack;
  }

  async open(changes: number): Promise<void> {
    this.#handle = await open(this.#file, 'a', 0o600);
    this.#changes = changes;
  }

  append(changes: readonly Change[]): Promise<void> {
    this.#waiting.push(changes);
    if (!this.#scheduled) {
      this.#scheduled = this.#last.then(() => this.#flush());
      this.#last = this.#scheduled.catch(() => undefined);
    }
    return this.#scheduled;
  }

  async #flush(): Promise<void> {
    this.#scheduled = undefined;
    const puts = this.#waiting.splice(0);
    if (this.#broken) throw this.#broken;
    try {
      this.#changes += puts.reduce((sum, changes) => sum + changes.length, 0);
      // The map already holds what waits here, so a rewrite writes it too.
      if (this.#changes > this.#state.size + this.#slack) await this.rewrite();
      else await this.#handle?.appendFile(puts.map(lineOf).join(''));
    } catch (error) {
      // Half a line may be on disk: nothing may follow it.
      this.#broken = new Error(`${this.#file} cannot be written: free disk space and restart`, {
        cause: error,
      });
      throw this.#broken;
    }
  }

  async rewrite(): Promise<void> {
    const next = `${this.#file}.next`;
    await writeFile(next, [...this.#state].map((entry) => lineOf([entry])).join(''), { mode: 0o600 });
    await chmod(next, 0o600);
    await this.#handle?.close();
    await rename(next, this.#file);
    await this.open(this.#state.size);
  }

  async close(): Promise<void> {
    await this.#last;
    await this.#handle?.close();
    this.#handle = undefined;
  }
}
