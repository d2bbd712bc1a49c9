import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { EventSink } from '#core/ports.ts';
import { readKeyUses, watchKeyUses } from '#local/key-uses.ts';
import { sampleEvent } from '../contracts/sample-records.ts';

let folder: string;
let path: string;
let errors: string[];
const log = { info: () => undefined, error: (message: string) => void errors.push(message) };
const inner: EventSink = { send: async () => ({ tier: 'journal' }) };
const at = (second: number) => `2026-11-28T10:00:${String(second).padStart(2, '0')}.000Z`;

beforeEach(async () => {
  errors = [];
  folder = await mkdtemp(join(tmpdir(), 'kt-uses-'));
  path = join(folder, 'key-uses.json');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const inode = async () => (await stat(path)).ino;

test('however many calls there are, the file is written once in a while, and at the end', async () => {
  const sink = watchKeyUses(inner, { path, log, everyMs: 60_000 });

  for (let n = 0; n < 1000; n += 1) await sink.send(sampleEvent({ at: at(n % 60), key_id: `key_${n % 50}` }));
  await expect(stat(path)).rejects.toThrow('ENOENT');
  await sink.close();
  const written = await inode();
  await sink.close();

  expect((await readKeyUses(path)).size).toBe(50);
  expect(await inode()).toBe(written);
});

test('the file is written without an end, too', async () => {
  const sink = watchKeyUses(inner, { path, log, everyMs: 5 });
  await sink.send(sampleEvent({ at: at(1) }));

  for (let tried = 0; tried < 500 && !(await readKeyUses(path)).size; tried += 1) await sleep(10);

  expect([...(await readKeyUses(path)).values()]).toEqual([{ firstUsedAt: at(1), lastUsedAt: at(1) }]);
});

test('processes that write at the same time keep the earliest and the latest use', async () => {
  const sinks = Array.from({ length: 8 }, () => watchKeyUses(inner, { path, log }));
  await Promise.all(sinks.map((sink, n) => sink.send(sampleEvent({ at: at(30 + n) }))));
  await Promise.all(sinks.map((sink) => sink.close()));

  expect([...(await readKeyUses(path)).values()]).toEqual([{ firstUsedAt: at(30), lastUsedAt: at(37) }]);
});

test('a call succeeds where the use cannot be noted, and the log says so', async () => {
  const sink = watchKeyUses(inner, { path: join('/dev/null', 'uses.json'), log });

  expect(await sink.send(sampleEvent())).toEqual({ tier: 'journal' });
  await sink.close();

  expect(errors).toEqual(['the use of keys could not be noted']);
});

test('a damaged file is begun anew', async () => {
  await writeFile(path, '{"key_1":{"firstU');
  const sink = watchKeyUses(inner, { path, log });
  await sink.send(sampleEvent({ at: at(2) }));
  await sink.close();

  expect([...(await readKeyUses(path)).values()]).toEqual([{ firstUsedAt: at(2), lastUsedAt: at(2) }]);
});
