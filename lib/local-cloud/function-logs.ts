import { createWriteStream, mkdirSync, renameSync, rmSync, statSync, type WriteStream } from 'node:fs';
import { join } from 'node:path';

const FILE_LIMIT = 10 * 1024 * 1024;

export interface FunctionLogs {
  /** Appends a line to `<folder>/<name>.log`. */
  write(name: string, line: string): void;
  close(): Promise<void>;
}

/** What functions print, one file each; a file over 10 MB becomes `.log.1` and the one before that is gone. */
export function openFunctionLogs(folder: string): FunctionLogs {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const files = new Map<string, { stream: WriteStream; size: number }>();

  function fileOf(name: string, adding: number) {
    const path = join(folder, `${name}.log`);
    const open = files.get(name);
    if (open && open.size + adding <= FILE_LIMIT) return open;
    const size = open?.size ?? statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    open?.stream.end();
    const full = size + adding > FILE_LIMIT;
    if (full) turnOver(path);
    const file = { stream: createWriteStream(path, { flags: 'a', mode: 0o600 }), size: full ? 0 : size };
    // A full disk must not stop the stack; what is lost here is a log, never an event.
    file.stream.on('error', () => {});
    files.set(name, file);
    return file;
  }

  return {
    write(name, line) {
      const text = `${line}\n`;
      const file = fileOf(name, text.length);
      file.size += text.length;
      file.stream.write(text);
    },
    async close() {
      const open = [...files.values()];
      await Promise.all(open.map(({ stream }) => new Promise((resolve) => stream.end(resolve))));
    },
  };
}

function turnOver(path: string): void {
  rmSync(`${path}.1`, { force: true });
  if (statSync(path, { throwIfNoEntry: false })) renameSync(path, `${path}.1`);
}
