import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';
import type { LedgerEvent } from '#core/ledger/event.ts';
import type { KeyAct } from '#core/ledger/plain-facts.ts';
import { memoryRateStore } from '#core/limits/rate-store.ts';
import type { Intent } from '#core/ports.ts';
import { type BudgetedSink, budgetedSink } from '#local/budgeted-sink.ts';
import { environmentSecrets } from '#local/environment-secrets.ts';
import { fileKeyRing } from '#local/file-key-ring.ts';
import { fileReviewDesk } from '#local/file-review-desk.ts';
import { type Journal, openJournal } from '#local/journal.ts';
import { journalEventReader } from '#local/journal-event-reader.ts';
import { journalEventSink } from '#local/journal-event-sink.ts';
import { readJournal } from '#local/journal-reader.ts';
import { watchKeyUses } from '#local/key-uses.ts';
import { budgetContract } from '../contracts/budgets.ts';
import { eventReaderContract } from '../contracts/event-reader.ts';
import { eventSinkContract } from '../contracts/event-sink.ts';
import { intentLogContract } from '../contracts/intent-log.ts';
import { keyRingContract } from '../contracts/key-ring.ts';
import { keyUseContract } from '../contracts/key-use.ts';
import { rateStoreContract } from '../contracts/rate-store.ts';
import { reviewDeskContract } from '../contracts/review-desk.ts';
import { secretsContract } from '../contracts/secrets.ts';

const clock = { now: Date.now };
const quiet = { info: () => undefined, error: () => undefined };
const directories: string[] = [];
const journals: Journal[] = [];
const stores: BudgetedSink[] = [];

afterAll(async () => {
  await Promise.all(stores.map((store) => store.close()));
  await Promise.all(journals.map((journal) => journal.close()));
  await Promise.all(directories.map((directory) => rm(directory, { recursive: true, force: true })));
});

async function emptyFolder(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'kt-contract-'));
  directories.push(directory);
  return directory;
}

async function emptyJournal() {
  const directory = await emptyFolder();
  const journal = await openJournal(directory);
  journals.push(journal);
  return { directory, sink: journalEventSink(journal, quiet) };
}

async function recordsOf<T>(directory: string, kind: string): Promise<T[]> {
  const found: unknown[] = [];
  for await (const entry of readJournal(directory)) {
    if ('record' in entry && entry.record.kind === kind) found.push(entry.record[kind]);
  }
  return found as T[];
}

eventSinkContract('journal', async () => {
  const { directory, sink } = await emptyJournal();
  const stored = async (requestId: string) => {
    const events = await recordsOf<LedgerEvent>(directory, 'event');
    return events.filter(({ request_id }) => request_id === requestId);
  };
  return { sink, stored };
});

intentLogContract('journal', async () => {
  const { directory, sink } = await emptyJournal();
  return { log: sink, opened: () => recordsOf<Intent>(directory, 'intent') };
});

rateStoreContract('memory', async () => memoryRateStore());

budgetContract('SQLite', async () => {
  const { sink } = await emptyJournal();
  const budgets = budgetedSink(sink, join(await emptyFolder(), 'budgets.sqlite'), quiet, async () => {
    throw new Error('nothing is told here');
  });
  stores.push(budgets);
  return { book: budgets.book, open: budgets.open, settle: budgets.send };
});

eventReaderContract('journal', async () => {
  const { directory, sink } = await emptyJournal();
  const add = async (event: LedgerEvent) => void (await sink.send(event));
  return { reader: journalEventReader(directory, clock), add };
});

keyRingContract('file', async () => {
  const path = join(await emptyFolder(), 'keys.json');
  const acts: KeyAct[] = [];
  return {
    admin: fileKeyRing(path, { keep: async (act) => void acts.push(act) }),
    ring: () => fileKeyRing(path),
    acts: async () => acts,
    withoutRecord: fileKeyRing(path, { keep: () => Promise.reject(new Error('the disk is full')) }),
  };
});

keyUseContract('file', async () => {
  const folder = await emptyFolder();
  const uses = join(folder, 'key-uses.json');
  return {
    admin: fileKeyRing(join(folder, 'keys.json'), { uses }),
    async saw(...events) {
      const sink = watchKeyUses({ send: async () => ({ tier: 'journal' }) }, { path: uses, log: quiet });
      for (const event of events) await sink.send(event);
      await sink.close();
    },
  };
});

reviewDeskContract('files', async () => fileReviewDesk(join(await emptyFolder(), 'reviews')));

secretsContract('environment', async (values) => environmentSecrets(values));
