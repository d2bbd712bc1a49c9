import { chmod, type FileHandle, open, readFile, rename, writeFile } from 'node:fs/promises';

/** A new value of a key; undefined deletes it. */
export type Change = readonly [key: string, value: unknown];

/** Reads the changes of a journal in order; `torn` when its last line was cut off by a kill. */
export async function readJournal(file: string): Promise<{ changes: Change[]; torn: boolean }> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  const lines = text.split('\n');
  const torn = lines.pop() !== '';
  return { changes: lines.flatMap((line, index) => readLine(file, line, index + 1)), torn };
}

function readLine(file: string, line: string, number: number): Change[] {
  try {
    return (JSON.parse(line) as [string, unknown?][]).map(([key, value]) => [key, value] as const);
  } catch {
    throw new Error(`${file}:${number} is damaged; start with --fresh to begin with empty state`);
  }
}

/** One line per `put`, so that a torn tail takes all of its changes or none. */
function lineOf(changes: readonly Change[]): string {
  return `${JSON.stringify(changes.map(([key, value]) => (value === undefined ? [key] : [key, value])))}\n`;
}

/** The file behind a map: appends are grouped, and the whole is rewritten when it is mostly history. */
export class Journal {
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
