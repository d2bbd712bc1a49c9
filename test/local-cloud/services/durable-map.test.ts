import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { openDurableMap } from '../../../lib/local-cloud/services/durable-map.ts';

const folder = mkdtempSync(join(tmpdir(), 'kt-map-'));
const file = join(folder, 'map.jsonl');
beforeEach(() => rmSync(file, { force: true }));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Change = readonly [string, string | undefined];
const changes = fc.array(
  fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.option(fc.string({ unit: 'grapheme' }), { nil: undefined })),
  { minLength: 1, maxLength: 4 },
);

function applied(puts: readonly (readonly Change[])[]): Record<string, string> {
  const state = new Map<string, string>();
  for (const [key, value] of puts.flat()) {
    if (value === undefined) state.delete(key);
    else state.set(key, value);
  }
  return Object.fromEntries(state);
}

async function reopened(slack?: number): Promise<Record<string, string>> {
  const map = await openDurableMap<string>({ file, ...(slack === undefined ? {} : { slack }) });
  const state = Object.fromEntries(map.entries());
  await map.close();
  return state;
}

test('a journal cut at any byte holds the puts before the cut, each whole or not at all', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(changes, { maxLength: 6 }), fc.nat(), async (puts, at) => {
      rmSync(file, { force: true });
      const map = await openDurableMap<string>({ file });
      const ends = [0];
      for (const put of puts) {
        await map.put(put);
        ends.push(statSync(file).size);
      }
      await map.close();
      const bytes = readFileSync(file);
      const cut = at % (bytes.length + 1);
      writeFileSync(file, bytes.subarray(0, cut));
      const whole = ends.filter((end) => end <= cut).length - 1;
      expect(await reopened()).toEqual(applied(puts.slice(0, whole)));
    }),
    { numRuns: 150 },
  );
});

test('rewriting the journal loses nothing', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(changes, { maxLength: 30 }), async (puts) => {
      rmSync(file, { force: true });
      const map = await openDurableMap<string>({ file, slack: 2 });
      await Promise.all(puts.map((put) => map.put(put)));
      await map.close();
      expect(await reopened()).toEqual(applied(puts));
    }),
    { numRuns: 100 },
  );
});

test('without slack no superseded value stays on disk', async () => {
  const map = await openDurableMap<string>({ file, slack: 0 });
  await map.put([['key', 'first-secret']]);
  await map.put([['key', 'second-secret']]);
  await map.close();
  expect(readFileSync(file, 'utf8')).toBe('[["key","second-secret"]]\n');
});

test('a journal is readable by its owner only', async () => {
  const map = await openDurableMap<string>({ file });
  await map.put([['a', 'b']]);
  await map.close();
  expect(statSync(file).mode & 0o777).toBe(0o600);
  await reopened(0);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test('a journal damaged in the middle is refused with the line at fault', async () => {
  writeFileSync(file, '[["a","1"]]\n[["b",\n[["c","3"]]\n');
  await expect(openDurableMap({ file })).rejects.toThrow(`${file}:2 is damaged`);
});
