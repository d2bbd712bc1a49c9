import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { openFunctionLogs } from '../../../lib/local-cloud/function-logs.ts';
import { hashInputs } from '../../../lib/local-cloud/input-hash.ts';
import { Credentials, readPrivate, writePrivate } from '../../../lib/local-cloud/local-file.ts';
import { generateSecret } from '../../../lib/local-cloud/resources/generate-secret.ts';
import { settingsOf } from '../../../lib/local-cloud/settings.ts';
import type { StartOptions } from '../../../lib/local-cloud/start-options.ts';

const folder = mkdtempSync(join(tmpdir(), 'kt-parts-'));
afterAll(() => rmSync(folder, { recursive: true }));

const options = { root: '/project' } as StartOptions;

test('a generated secret has its length and only what was not excluded', () => {
  const wish = fc.record({
    PasswordLength: fc.integer({ min: 8, max: 64 }),
    ExcludePunctuation: fc.boolean(),
    ExcludeNumbers: fc.boolean(),
    ExcludeCharacters: fc.constantFrom('', 'abc', 'A"\\'),
  });
  fc.assert(
    fc.property(wish, (wanted) => {
      const secret = generateSecret(wanted);

      expect(secret).toHaveLength(wanted.PasswordLength);
      expect(secret).toMatch(/[a-z]/);
      expect(secret).toMatch(/[A-Z]/);
      if (wanted.ExcludePunctuation) expect(secret).toMatch(/^[A-Za-z0-9]+$/);
      expect(/[0-9]/.test(secret)).toBe(!wanted.ExcludeNumbers);
      for (const character of wanted.ExcludeCharacters) expect(secret).not.toContain(character);
    }),
  );
});

test('a generated secret may stand in a template', () => {
  const secret = JSON.parse(
    generateSecret({ SecretStringTemplate: '{"user":"u"}', GenerateStringKey: 'password' }),
  );

  expect(secret).toMatchObject({ user: 'u', password: expect.stringMatching(/^.{32}$/) });
});

test('without options and variables the known ports and addresses are taken', () => {
  expect(settingsOf(options, {})).toMatchObject({
    environment: 'dev',
    host: '127.0.0.1',
    gatewayPort: 41_002,
    consolePort: 41_003,
    localFile: '/project/.kt/local.json',
    dataDir: '/project/.kt/cloud/dev',
    fresh: false,
  });
});

test('an option goes before a variable', () => {
  const env = { KT_GATEWAY_PORT: '5000', KT_CONSOLE_PORT: '0' };

  expect(settingsOf({ ...options, gatewayPort: 6000 }, env)).toMatchObject({
    gatewayPort: 6000,
    consolePort: 0,
  });
});

test.each(['x', '-1', '1.5', '70000'])('the port %s is refused by name', (value) => {
  expect(() => settingsOf(options, { KT_GATEWAY_PORT: value })).toThrow(
    `KT_GATEWAY_PORT=${value} is no whole number from 0 to 65535`,
  );
});

test.each([
  ['packs/a.yaml', 'packs/a.yaml'],
  ['/project/packs/a.yaml', 'packs/a.yaml'],
  ['/elsewhere/a.yaml', '/elsewhere/a.yaml'],
])('the pack %s is called %s', (given, shown) => {
  expect(settingsOf({ ...options, packFile: given }, {}).packFile).toBe(shown);
});

test('a private file is whole, private and read back', () => {
  const path = join(folder, 'private.json');
  const content = { apiKey: 'a', adminToken: 'b', reviewerToken: 'c', viewerToken: 'd' };
  writeFileSync(path, 'older and longer than what replaces it'.repeat(10), { mode: 0o644 });
  writePrivate(path, content);

  expect(readPrivate(path, Credentials)).toEqual(content);
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test.each(['', '{', '{"apiKey":1}', 'null'])('a private file that holds %j counts as absent', (text) => {
  const path = join(folder, 'torn.json');
  writeFileSync(path, text);

  expect(readPrivate(path, Credentials)).toBeUndefined();
});

test('the hash of the inputs changes with what reaches a template, not with the rest', () => {
  const root = join(folder, 'project');
  for (const path of ['lib/core', 'lib/local-cloud', 'docs'])
    mkdirSync(join(root, path), { recursive: true });
  const write = (file: string, text: string) => {
    writeFileSync(join(root, file), text);
    return hashInputs(root, { environment: 'dev' });
  };
  const first = write('lib/core/a.ts', '1');

  expect(write('lib/core/a.ts', '2')).not.toBe(first);
  expect(write('lib/core/a.ts', '1')).toBe(first);
  expect(write('lib/local-cloud/b.ts', '1')).toBe(first);
  expect(write('docs/c.md', '1')).toBe(first);
  expect(write('cdk.json', '{}')).not.toBe(first);
  expect(hashInputs(root, { environment: 'prod' })).not.toBe(hashInputs(root, { environment: 'dev' }));
});

test('moving text from one input to the next changes the hash', () => {
  const root = join(folder, 'moved');
  mkdirSync(join(root, 'lib'), { recursive: true });
  const hashOf = (a: string, b: string) => {
    writeFileSync(join(root, 'lib/a.ts'), a);
    writeFileSync(join(root, 'lib/b.ts'), b);
    return hashInputs(root, {});
  };

  expect(hashOf('xy', 'z')).not.toBe(hashOf('x', 'yz'));
});

test('logs of a function go to its file and survive a restart', () => {
  const logs = join(folder, 'logs');
  for (const line of ['one', 'two']) {
    const open = openFunctionLogs(logs);
    open.write('fn', line);
    open.close();
  }

  expect(readFileSync(join(logs, 'fn.log'), 'utf8')).toBe('one\ntwo\n');
});

test('a log that grows too large makes room for itself', () => {
  const logs = join(folder, 'large');
  const open = openFunctionLogs(logs);
  const line = 'x'.repeat(1024 * 1024);
  for (let i = 0; i < 25; i++) open.write('fn', line);
  open.close();
  const sizes = ['fn.log', 'fn.log.1'].map((file) => statSync(join(logs, file)).size);

  expect(sizes.every((size) => size <= 10 * 1024 * 1024)).toBe(true);
  expect(sizes[0]).toBeGreaterThan(0);
});
