import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { ALL_FAMILIES } from '#cli/families/all.ts';
import { LOADERS } from '#cli/load-families.ts';
import { createProgram } from '#cli/program.ts';
import { fakeTerminal } from './fake-terminal.ts';

const root = join(__dirname, '../..');

/** Jest cannot import on demand, so a process of its own loads what `kt <words>` needs and says which files that were. */
function loadedBy(...words: string[]): { files: string[]; families: number } {
  const script = `
    import { registerHooks } from 'node:module';
    const files = [];
    registerHooks({ load(url, context, next) { files.push(url); return next(url, context); } });
    await import('#cli/main.ts');
    const { loadFamilies } = await import('#cli/load-families.ts');
    const families = (await loadFamilies(${JSON.stringify(words)})).filter((family) => typeof family === 'function');
    console.log(JSON.stringify({ files, families: families.length }));`;
  const argv = ['--no-warnings', '--input-type=module', '--eval', script];
  return JSON.parse(execFileSync(process.execPath, argv, { cwd: root, encoding: 'utf8' }));
}

describe('kt', () => {
  test('knows where to load every command from', () => {
    const all = createProgram(fakeTerminal(root), ALL_FAMILIES).commands.map((command) => command.name());

    expect([...Object.keys(LOADERS), 'version']).toEqual(all);
  });

  test('loads neither policies nor the AWS SDK to say its version', () => {
    const { files, families } = loadedBy('version');

    expect(families).toBe(0);
    expect(files.filter((file) => /\/policies\/|@aws-sdk|\/zod\//.test(file))).toEqual([]);
  });

  test('loads no policies to read events', () => {
    const { files, families } = loadedBy('events', 'list');

    expect(families).toBe(1);
    expect(files.filter((file) => /\/policies\/|@aws-sdk/.test(file))).toEqual([]);
  });

  test.each(['--help', 'polcy', 'constructor'])('loads every command for %s', (word) => {
    expect(loadedBy(word).families).toBe(ALL_FAMILIES.length);
  });
});
