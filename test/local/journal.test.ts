import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { openJournal } from '#local/journal.ts';
import { decodeLine, encodeRecord, type JournalRecord } from '#local/journal-frame.ts';
import { readJournal } from '#local/journal-reader.ts';
import { listSegments } from '#local/journal-segment.ts';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kt-journal-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

async function contents() {
  const records: JournalRecord[] = [];
  let damaged = 0;
  for await (const entry of readJournal(directory)) {
    if ('record' in entry) records.push(entry.record);
    else damaged += 1;
  }
  return { records, damaged };
}

async function write(...records: JournalRecord[]) {
  const journal = await openJournal(directory);
  await Promise.all(records.map((record) => journal.append(record)));
  await journal.close();
}

const note = (n: number): JournalRecord => ({ kind: 'note', n, text: `é\n${'x'.repeat(n % 50)}` });

describe('journal frame', () => {
  test('any record comes back as it went in', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (fields) => {
        const record = JSON.parse(JSON.stringify({ ...fields, kind: 'any' }));
        const bytes = encodeRecord(record);
        expect(bytes.indexOf(0x0a)).toBe(bytes.length - 1);
        expect(decodeLine(bytes.subarray(0, -1))).toEqual(record);
      }),
    );
  });

  test('a line with any one byte changed does not hold', () => {
    const line = encodeRecord(note(3)).subarray(0, -1);
    for (let at = 0; at < line.length; at += 1) {
      const changed = Buffer.from(line);
      changed[at] = (changed[at] ?? 0) ^ 0x01;
      expect(decodeLine(changed)).toBeUndefined();
    }
  });

  test('bytes that were never a journal are no record', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        expect(decodeLine(Buffer.from(bytes))).toBeUndefined();
      }),
    );
  });

  test('a record over the limit is refused', async () => {
    const journal = await openJournal(directory);
    await expect(journal.append({ kind: 'big', text: 'x'.repeat(9 * 1024 * 1024) })).rejects.toThrow(
      '8388608 bytes',
    );
    await journal.close();
  });
});

describe('journal', () => {
  test('records come back in the order they were appended', async () => {
    await write(note(1), note(2), note(3));

    expect(await contents()).toEqual({ records: [note(1), note(2), note(3)], damaged: 0 });
  });

  test('an unfinished last record is skipped wherever the write was cut', async () => {
    await write(note(1), note(2));
    const [segment] = await listSegments(directory);
    const whole = await readFile(segment!.path);
    const last = encodeRecord(note(2)).length;

    for (let cut = 1; cut <= last; cut += 1) {
      await writeFile(segment!.path, whole.subarray(0, whole.length - cut));
      expect(await contents()).toEqual({ records: [note(1)], damaged: 0 });
    }
  });

  test('appending goes on after a torn tail', async () => {
    await write(note(1));
    const [segment] = await listSegments(directory);
    await writeFile(
      segment!.path,
      Buffer.concat([await readFile(segment!.path), encodeRecord(note(2)).subarray(0, 9)]),
    );

    await write(note(3));

    const { records, damaged } = await contents();
    expect(records.map(({ n }) => n).sort()).toEqual([1, 3]);
    expect(damaged).toBe(0);
  });

  test('a changed record between sound ones is reported and the others are read', async () => {
    await write(note(1), note(2), note(3));
    const [segment] = await listSegments(directory);
    const text = await readFile(segment!.path, 'utf8');
    await writeFile(segment!.path, text.replace('"n":2', '"n":7'));

    expect(await contents()).toEqual({ records: [note(1), note(3)], damaged: 1 });
  });

  test('files stay near their size limit', async () => {
    const journal = await openJournal(directory, { segmentBytes: 1000 });
    for (let n = 0; n < 100; n += 1) await journal.append(note(n));
    await journal.close();

    const segments = await listSegments(directory);
    expect(segments.length).toBeGreaterThan(4);
    expect(Math.max(...segments.map(({ bytes }) => bytes))).toBeLessThan(1200);
    expect((await contents()).records).toHaveLength(100);
  });

  test('two writers at once lose nothing of each other', async () => {
    const journals = await Promise.all([openJournal(directory), openJournal(directory)]);
    await Promise.all(Array.from({ length: 200 }, (_, n) => journals[n % 2]!.append(note(n))));
    await Promise.all(journals.map((journal) => journal.close()));

    const { records, damaged } = await contents();
    expect(new Set(records.map(({ n }) => n)).size).toBe(200);
    expect(damaged).toBe(0);
  });

  test('a record is refused while more waits than may wait', async () => {
    const journal = await openJournal(directory, { waitingBytes: 1000 });
    const results = await Promise.allSettled(Array.from({ length: 50 }, (_, n) => journal.append(note(n))));
    await journal.close();

    expect(results.some(({ status }) => status === 'rejected')).toBe(true);
    expect((await contents()).records).toHaveLength(
      results.filter(({ status }) => status === 'fulfilled').length,
    );
  });

  test('a write that failed is told, and the next one works once the disk does', async () => {
    const journal = await openJournal(join(directory, 'gone'));
    await rm(join(directory, 'gone'), { recursive: true });
    await expect(journal.append(note(1))).rejects.toThrow('ENOENT');

    directory = join(directory, 'gone');
    const other = await openJournal(directory);
    await journal.append(note(2));
    await Promise.all([journal.close(), other.close()]);

    expect((await contents()).records).toEqual([note(2)]);
  });

  test('a closed journal takes no more', async () => {
    const journal = await openJournal(directory);
    await journal.close();
    await expect(journal.append(note(1))).rejects.toThrow('closed');
  });

  test('a folder that does not exist is an empty journal', async () => {
    directory = join(directory, 'never');
    expect(await contents()).toEqual({ records: [], damaged: 0 });
  });
});

describe('kill -9', () => {
  test.each([10, 60, 150])(
    'every acknowledged record survives a kill after %d acknowledgements',
    async (kills) => {
      const acknowledged = await killAfter(kills);

      const { records, damaged } = await contents();
      const kept = new Set(records.map(({ n }) => n));
      expect(acknowledged.length).toBeGreaterThanOrEqual(kills);
      expect(acknowledged.filter((n) => !kept.has(n))).toEqual([]);
      expect(damaged).toBe(0);

      await write(note(9999));
      expect((await contents()).records.map(({ n }) => n)).toContain(9999);
    },
  );
});

/** Runs a process that appends without end, kills it without warning and returns what it was told is safe. */
async function killAfter(count: number): Promise<number[]> {
  const script = join(__dirname, 'append-forever.ts');
  const child = spawn(process.execPath, ['--no-warnings', script, directory], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const acknowledged: number[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    acknowledged.push(Number(line));
    if (acknowledged.length === count) child.kill('SIGKILL');
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return acknowledged;
}
