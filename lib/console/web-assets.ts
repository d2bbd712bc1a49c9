import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const FILES = {
  '/': { name: 'index.html', type: 'text/html; charset=utf-8' },
  '/app.js': { name: 'app.js', type: 'text/javascript; charset=utf-8' },
  '/app.css': { name: 'app.css', type: 'text/css; charset=utf-8' },
} as const;

/** One file of the page, ready to serve. */
export interface PageFile {
  readonly body: string;
  readonly type: string;
  /** Strong validator, so that a reload costs a few bytes. */
  readonly etag: string;
}

/** Path → file: `/`, `/app.js` and `/app.css`. */
export type Page = ReadonlyMap<string, PageFile>;

/** Reads what `scripts/build-console.ts` wrote; throws when a file is missing, with the command that makes it. */
export function readPage(dir: string): Page {
  return new Map(Object.entries(FILES).map(([path, file]) => [path, readOne(dir, file)]));
}

function readOne(dir: string, file: { name: string; type: string }): PageFile {
  const body = readText(join(dir, file.name));
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
  return { body, type: file.type, etag };
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new Error(`the console page is not built: ${path} is missing; run scripts/build-console.ts`, {
      cause,
    });
  }
}
