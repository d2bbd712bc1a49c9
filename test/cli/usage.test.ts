import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { Command } from 'commander';
import { ALL_FAMILIES } from '#cli/families/all.ts';
import { createProgram } from '#cli/program.ts';
import { fakeTerminal } from './fake-terminal.ts';
import { kt } from './run-kt.ts';

const here = __dirname;

function leaves(command: Command, path: string[] = []): { path: string; command: Command }[] {
  if (command.commands.length === 0) return [{ path: path.join(' '), command }];
  return command.commands.flatMap((child) => leaves(child, [...path, child.name()]));
}
const commands = leaves(createProgram(fakeTerminal(here), ALL_FAMILIES));

test('help shows every command, examples, exit codes', async () => {
  const { code, out, err } = await kt(here, ['--help']);

  expect([code, err]).toEqual([0, '']);
  for (const word of [
    'start',
    'init',
    'policy',
    'gateway',
    'events',
    'review',
    'keys',
    'health',
    'Examples:',
  ]) {
    expect(out).toContain(word);
  }
  expect(out).toMatch(/0 ok .* 1 .* 2 .* 3 .* 70/);
});

test.each(commands)('kt $path has a description and help of its own', async ({ path, command }) => {
  const { code, out } = await kt(here, [...path.split(' '), '--help']);

  expect(code).toBe(0);
  expect(out).toContain(`Usage: kt ${path}`);
  expect(command.description()).not.toBe('');
});

test('kt alone shows the help and ends with 1', async () => {
  const { code, err } = await kt(here, []);

  expect(code).toBe(1);
  expect(err).toContain('Usage: kt');
});

test.each([
  [['evnts'], 'events'],
  [['events', 'lst'], 'list'],
  [['events', 'list', '--verdct', 'x'], '--verdict'],
])('%j is asked back with what was meant', async (argv, meant) => {
  const { code, err } = await kt(here, argv);

  expect(code).toBe(1);
  expect(err).toContain(`(Did you mean ${meant}?)`);
});

test.each([
  [['gateway', 'run', '--listen', 'nowhere']],
  [['gateway', 'run', '--listen', '127.0.0.1:99999']],
  [['gateway', 'run', '--log', 'xml']],
  [['events', 'list', '--since', 'yesterday']],
  [['events', 'list', '--limit', '0']],
  [['events', 'show']],
  [['keys', 'create', '--app', 'Bad App']],
  [['keys', 'create', '--expires', '2001-01-01']],
  [['keys', 'create', '--role', 'king']],
  [['tokens', 'create', '--role', 'viewer', '--name', 'vic', '--apps', 'Bad App']],
  [['review', 'approve', '01A']],
  [['start', '--gateway-port', '70000']],
])('%j is wrong usage: one message on standard error, exit 1', async (argv) => {
  const { code, out, err } = await kt(here, argv);

  expect([code, out]).toEqual([1, '']);
  expect(err).toMatch(/^error: /);
});

test('the version is that of the product', async () => {
  expect((await kt(here, ['version'])).out).toBe('9.9.9');
  expect((await kt(here, ['--version'])).out).toBe('9.9.9');
});

test('docs/cli.md names every command', async () => {
  const documentation = await readFile(join(here, '../../docs/cli.md'), 'utf8');

  expect(commands.map(({ path }) => path).filter((path) => !documentation.includes(`kt ${path}`))).toEqual(
    [],
  );
});
