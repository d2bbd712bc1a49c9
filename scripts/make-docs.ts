import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generatedFiles } from './generated-files.ts';

/**
 * Writes what is generated from the settings schemas: `node scripts/make-docs.ts`. With `--check` it writes nothing and ends
 * with 2 when a file is stale.
 */
const root = join(import.meta.dirname, '..');
const check = process.argv.includes('--check');
const stale = generatedFiles().filter((file) => !file.isFresh(read(file.path)));

for (const { path, text } of stale) {
  if (!check) writeFileSync(join(root, path), formatted(path, text));
  process.stdout.write(`${path}: ${check ? 'stale, run: node scripts/make-docs.ts' : 'written'}\n`);
}
if (check && stale.length > 0) process.exitCode = 2;

function read(path: string): string {
  try {
    return readFileSync(join(root, path), 'utf8');
  } catch {
    return '';
  }
}

/** As the linter wants it. */
function formatted(path: string, text: string): string {
  if (!path.endsWith('.json')) return text;
  const biome = join(root, 'node_modules/@biomejs/biome/bin/biome');
  return execFileSync(process.execPath, [biome, 'format', `--stdin-file-path=${path}`], {
    cwd: root,
    input: text,
    encoding: 'utf8',
  });
}
