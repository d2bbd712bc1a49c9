import { closeSync, mkdirSync, openSync, renameSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const FILE_LIMIT = 10 * 1024 * 1024;

export interface FunctionLogs {
  /** Appends a line to `<folder>/<name>.log`. */
  write(name: string, line: string): void;
  close(): void;
}

/** What functions print, one file each; a file over 10 MB becomes `.log.1`, in the place of the one before. */
export function openFunctionLogs(folder: string): FunctionLogs {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const files = new Map<string, { readonly handle: number; size: number }>();

  function fileFor(name: string, adding: number) {
    const path = join(folder, `${name}.log`);
    const open = files.get(name) ?? openFile(path);
    if (open.size === 0 || open.size + adding <= FILE_LIMIT) return open;
    closeSync(open.handle);
    renameSync(path, `${path}.1`);
    return openFile(path);
  }

  return {
    write(name, line) {
      const bytes = Buffer.from(`${line}\n`);
      try {
        const file = fileFor(name, bytes.length);
        files.set(name, file);
        file.size += bytes.length;
        writeSync(file.handle, bytes);
      } catch {
        // A full disk must not stop the stack: what is lost here is a log, never an event.
      }
    },
    close() {
      for (const { handle } of files.values()) closeSync(handle);
      files.clear();
    },
  };
}

function openFile(path: string): { handle: number; size: number } {
  return { handle: openSync(path, 'a', 0o600), size: statSync(path).size };
}
