import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { LambdaHandler } from './invocation.ts';

const EXTENSIONS = ['.mjs', '.js', '.cjs'];

/** Imports `index.handler` from an asset folder. The message of a failure names the file or the export that is missing. */
export async function loadHandler(root: string, handler: string): Promise<LambdaHandler> {
  const dot = handler.lastIndexOf('.');
  const [file, name] = [handler.slice(0, dot), handler.slice(dot + 1)];
  const path = EXTENSIONS.map((extension) => join(root, file + extension)).find(existsSync);
  if (!path) throw new Error(`Cannot find module '${file}' in ${root}`);

  const module = (await import(pathToFileURL(path).href)) as Record<string, unknown>;
  const found = module[name];
  if (typeof found !== 'function') throw new Error(`${handler} is undefined or not exported`);
  return found as LambdaHandler;
}
