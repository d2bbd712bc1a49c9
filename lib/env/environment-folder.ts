import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { didYouMean } from '#core/text/did-you-mean.ts';
import { type ParsedEnvironment, parseEnvironment } from './parse-environment.ts';

const EXTENSION = '.yaml';

/** The environments of a folder, by name, sorted: each `<name>.yaml` is one. */
export function listEnvironments(folder: string): string[] {
  const files = readdirSync(folder).filter((file) => file.endsWith(EXTENSION));
  return files.map((file) => file.slice(0, -EXTENSION.length)).sort();
}

/** Reads one environment of a folder; throws for a name that has no file, naming the known ones. */
export function loadEnvironment(folder: string, name: string | undefined): ParsedEnvironment {
  const known = listEnvironments(folder);
  if (name === undefined) {
    throw new Error(`which environment? Add -c env=<name>; known: ${known.join(', ')}`);
  }
  if (!known.includes(name)) throw new Error(unknownEnvironment(name, known));
  const file = `${name}${EXTENSION}`;
  return parseEnvironment(readFileSync(join(folder, file), 'utf8'), `${basename(folder)}/${file}`);
}

function unknownEnvironment(name: string, known: readonly string[]): string {
  const guess = didYouMean(name, known);
  const hint = guess ? ` — did you mean "${guess}"?` : '.';
  return `unknown environment "${name.slice(0, 60)}"${hint} Known: ${known.join(', ')}. A new one is a new file environments/<name>.yaml`;
}
