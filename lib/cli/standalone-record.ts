import { ulidIds } from '#aws/ulid-ids.ts';
import { createEmitter } from '#core/ledger/chain.ts';
import type { Origin } from '#core/ledger/origin.ts';
import { actRecorder, type RecordAct } from '#core/ledger/plain-event.ts';
import type { Ids, Log } from '#core/ports.ts';
import { type BudgetedSink, budgetedSink } from '#local/budgeted-sink.ts';
import { openJournal } from '#local/journal.ts';
import { journalEventSink } from '#local/journal-event-sink.ts';
import { statePaths } from './standalone-state.ts';

/** The record of one process: its journal, and a mouth for the acts of people. */
export interface StandaloneRecord {
  readonly ids: Ids;
  readonly sink: BudgetedSink;
  readonly record: RecordAct;
  close(): Promise<void>;
}

/** With `isFull`, no new call is recorded while it says so. */
export async function openRecord(
  folder: string,
  origin: Origin,
  log: Log,
  isFull?: () => boolean,
): Promise<StandaloneRecord> {
  const journal = await openJournal(statePaths(folder).journal);
  const inJournal = journalEventSink(journal, log, isFull);
  const emitter = createEmitter(ulidIds.next());
  const record = actRecorder({ ids: ulidIds, events: inJournal, emitter, origin });
  const sink = budgetedSink(inJournal, statePaths(folder).budgets, log, record);
  return {
    ids: ulidIds,
    sink,
    record,
    async close() {
      await sink.close();
      await journal.close();
    },
  };
}
