import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { KeyAct } from '#core/ledger/plain-facts.ts';
import type { AppKey } from '#core/ports.ts';
import { fileKeyRing } from '#local/file-key-ring.ts';

let directory: string;
let path: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kt-keys-'));
  path = join(directory, 'deep/keys.json');
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const app = { id: 'support', name: 'Support bot', models: ['gpt-4o'] };
const act: KeyAct = {
  at: '2026-11-23T10:00:00.000Z',
  type: 'key.rotated',
  requestId: 'key_2',
  appId: 'support',
  keyId: 'key_2',
  auth: 'system',
  route: 'kt keys rotate',
};
const key: AppKey = { id: 'key_1', appId: 'support', prefix: 'kt_live_abcd', name: 'dify', createdAt: 'now' };

test('a key is found by its hash together with its app', async () => {
  const ring = fileKeyRing(path);
  await ring.putApp(app);
  await ring.putKey('h1', key);

  expect(await ring.findKey('h1')).toEqual({ key, app });
  expect(await ring.findKey('h2')).toBeUndefined();
});

test('a key of an app that does not exist is not found', async () => {
  const ring = fileKeyRing(path);
  await ring.putKey('h1', key);

  expect(await ring.findKey('h1')).toBeUndefined();
});

test('names that every object has are not keys', async () => {
  const ring = fileKeyRing(path);

  expect(await ring.findKey('constructor')).toBeUndefined();
  expect(await ring.findToken('toString')).toBeUndefined();
});

test('a revocation by another process is seen by the next look-up', async () => {
  const ring = fileKeyRing(path);
  await ring.putApp(app);
  await ring.putKey('h1', key);
  await ring.findKey('h1');

  expect(await fileKeyRing(path).revokeKey('key_1', 'then')).toBe(true);

  expect((await ring.findKey('h1'))?.key.revokedAt).toBe('then');
});

test('the first revocation counts', async () => {
  const ring = fileKeyRing(path);
  await ring.putKey('h1', key);
  await ring.revokeKey('key_1', 'first');
  await ring.revokeKey('key_1', 'second');

  expect(await ring.listKeys()).toEqual([{ ...key, revokedAt: 'first' }]);
  expect(await ring.revokeKey('key_2', 'now')).toBe(false);
});

test('a console token is found by its hash', async () => {
  const ring = fileKeyRing(path);
  await ring.putToken('t1', { subject: 'ann', role: 'reviewer' });

  expect(await ring.findToken('t1')).toEqual({ subject: 'ann', role: 'reviewer' });
});

test('writers at the same time do not undo each other', async () => {
  await Promise.all(
    Array.from({ length: 20 }, (_, n) => fileKeyRing(path).putKey(`h${n}`, { ...key, id: `key_${n}` })),
  );

  expect(await fileKeyRing(path).listKeys()).toHaveLength(20);
});

test('the file is for its owner only', async () => {
  await fileKeyRing(path).putApp(app);

  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect((await stat(join(path, '..'))).mode & 0o777).toBe(0o700);
});

test('a damaged file refuses every key', async () => {
  const ring = fileKeyRing(path);
  await ring.putApp(app);
  await writeFile(path, (await readFile(path, 'utf8')).slice(0, -10));

  await expect(ring.findKey('h1')).rejects.toMatchObject({ code: 'config_unavailable' });
  await expect(ring.putApp(app)).rejects.toThrow('is not a key file');
});

test('a process that is killed while it replaces a key leaves the old key alone or the whole change', async () => {
  const ring = fileKeyRing(path);
  await ring.putApp(app);
  await ring.putKey('h1', key);
  const next = { ...key, id: 'key_2' };
  let reached = () => {};
  const written = new Promise<void>((resolve) => {
    reached = resolve;
  });
  const dies = fileKeyRing(path, { keep: () => new Promise(reached) });

  void dies.rotateKey({ id: 'key_1', until: 'then' }, 'h2', next, act);
  await written;
  expect(await ring.listKeys()).toEqual([key]);

  await rm(`${path}.lock`);
  const inode = (await stat(path)).ino;
  const seen = new Set<string>();
  let rotating = true;
  const looking = (async () => {
    while (rotating) seen.add(JSON.stringify(await fileKeyRing(path).listKeys()));
  })();
  await fileKeyRing(path, { keep: async () => undefined }).rotateKey(
    { id: 'key_1', until: 'then' },
    'h2',
    next,
    act,
  );
  rotating = false;
  await looking;

  const whole = [[key], [{ ...key, expiresAt: 'then' }, next]].map((keys) => JSON.stringify(keys));
  expect([...seen].filter((state) => !whole.includes(state))).toEqual([]);
  expect((await stat(path)).ino).not.toBe(inode);
});
