import { existsSync } from 'node:fs';
import type { Clock } from '#core/ports.ts';
import { type BudgetStore, openBudgetStore } from './budget-store.ts';
import { journalEventReader } from './journal-event-reader.ts';

/**
 * Clears what calls of killed processes still hold after their deadline: by their event where the journal has one, else they never
 * reached a provider and get all of it back. Comes after lost calls got their events. Resolves with how many were cleared.
 */
export async function settleOverdue(path: string, journal: string, clock: Clock): Promise<number> {
  if (!existsSync(path)) return 0;
  const store = await openBudgetStore(path);
  try {
    return await clear(store, journal, clock);
  } finally {
    store.close();
  }
}

async function clear(store: BudgetStore, journal: string, clock: Clock): Promise<number> {
  const reader = journalEventReader(journal, clock);
  const calls = store.overdue(new Date(clock.now()).toISOString());
  for (const id of calls) {
    const events = await reader.find(id);
    const ends = events.filter(({ type, budget }) => type.startsWith('request.') && budget !== undefined);
    for (const event of ends) store.settle(event);
    if (ends.length === 0) store.release(id);
  }
  return calls.length;
}
