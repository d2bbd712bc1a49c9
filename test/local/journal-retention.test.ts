import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ulid } from 'ulid';
import { pruneJournal } from '#local/journal-retention.ts';
import { listSegments } from '#local/journal-segment.ts';

const HOUR = 3_600_000;
const NOW = Date.parse('2026-11-28T12:00:00Z');

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kt-retention-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function segment(hoursAgo: number, bytes = 100): Promise<string> {
  const at = NOW - hoursAgo * HOUR;
  const name = `${ulid(at)}.jsonl`;
  await writeFile(join(folder, name), 'x'.repeat(bytes));
  await utimes(join(folder, name), at / 1000, at / 1000);
  return name;
}

async function left(): Promise<string[]> {
  return (await listSegments(folder)).map(({ name }) => name).reverse();
}

const all = { mayDelete: () => true };

describe('retention', () => {
  test('deletes the oldest files until the journal is small enough', async () => {
    await segment(50);
    await segment(40);
    const third = await segment(30);
    const { deleted, bytes, full } = await pruneJournal(folder, { maxBytes: 150, ...all }, NOW);

    expect([deleted.length, bytes, full]).toEqual([2, 100, false]);
    expect(await left()).toEqual([third]);
  });

  test('deletes nothing of a journal that is small enough', async () => {
    const name = await segment(5000);
    await pruneJournal(folder, { maxBytes: 150, ...all }, NOW);

    expect(await left()).toEqual([name]);
  });

  test('deletes by age where an age is set', async () => {
    await segment(50);
    const young = await segment(20);
    await pruneJournal(folder, { maxBytes: 1e9, maxAgeMs: 24 * HOUR, ...all }, NOW);

    expect(await left()).toEqual([young]);
  });

  test('never deletes a file that a process may still write to', async () => {
    const recent = await segment(1);
    const { full } = await pruneJournal(folder, { maxBytes: 1, maxAgeMs: 1, ...all }, NOW);

    expect(await left()).toEqual([recent]);
    expect(full).toBe(true);
  });

  test('never deletes a file that somebody still needs, and says that it is full', async () => {
    const needed = await segment(50);
    const { full } = await pruneJournal(folder, { maxBytes: 1, mayDelete: () => false }, NOW);

    expect(await left()).toEqual([needed]);
    expect(full).toBe(true);
  });

  test('a journal that does not exist has room', async () => {
    expect(await pruneJournal(join(folder, 'never'), { maxBytes: 1, ...all }, NOW)).toMatchObject({
      full: false,
    });
  });
});
