import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type Journal, openJournal } from '#local/journal.ts';
import { journalEventSink } from '#local/journal-event-sink.ts';
import { sampleEvent, sampleIntent } from '../contracts/sample-records.ts';

let folder: string;
let journal: Journal;
let full = false;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kt-full-'));
  journal = await openJournal(folder);
  full = false;
});
afterEach(async () => {
  await journal.close();
  await rm(folder, { recursive: true, force: true });
});

test('a full journal takes no new call, still the events of those under way, and calls again once there is room', async () => {
  const quiet = { info: () => undefined, error: () => undefined };
  const sink = journalEventSink(journal, quiet, () => full);
  await sink.open(sampleIntent());
  full = true;

  await expect(sink.open(sampleIntent())).rejects.toMatchObject({ code: 'audit_unavailable' });
  expect(await sink.send(sampleEvent())).toEqual({ tier: 'journal' });
  full = false;
  await sink.open(sampleIntent());
});
