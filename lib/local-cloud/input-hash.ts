import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

/** What a synthesis reads. A place that is not there counts as empty. */
const INPUTS = [
  'bin/app.ts',
  'lib',
  'lambdas',
  'policies',
  'environments',
  'scripts',
  'package-lock.json',
  'cdk.json',
];

/** Parts of `lib` that never reach a template or a bundle: changing them needs no new synthesis. */
const ELSEWHERE = ['lib/cli', 'lib/local', 'lib/local-cloud'];

/** SHA-256 hex over names and contents of everything that a synthesis of `root` depends on. */
export function hashInputs(root: string, extra: Readonly<Record<string, string>>): string {
  const hash = createHash('sha256').update(JSON.stringify(extra));
  for (const input of INPUTS) {
    for (const file of filesOf(join(root, input))) {
      const name = relative(root, file).split(sep).join('/');
      if (ELSEWHERE.some((folder) => name.startsWith(`${folder}/`))) continue;
      hash.update(`\0${name}\0`).update(readFileSync(file));
    }
  }
  return hash.digest('hex');
}

/** Every file at or under a path, in a stable order. */
export function filesOf(path: string): string[] {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
