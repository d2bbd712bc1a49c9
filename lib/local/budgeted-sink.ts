import { warningFacts } from '#core/budget/warnings.ts';
import { GatewayError } from '#core/errors.ts';
import type { LedgerEvent } from '#core/ledger/event.ts';
import type { RecordAct } from '#core/ledger/plain-event.ts';
import type { BudgetBook, EventSink, IntentLog, Log } from '#core/ports.ts';
import { type BudgetStore, openBudgetStore } from './budget-store.ts';

/** A sink that keeps budgets beside the journal. */
export interface BudgetedSink extends EventSink, IntentLog {
  readonly book: BudgetBook;
  close(): Promise<void>;
}

/**
 * Sets aside before the intent is written, and settles after the event is. A process that dies between the two leaves a hold that
 * `settleOverdue` clears after the call's deadline.
 */
export function budgetedSink(
  sink: EventSink & IntentLog,
  path: string,
  log: Log,
  record: RecordAct,
): BudgetedSink {
  let opened: Promise<BudgetStore> | undefined;
  const store = () => {
    opened ??= openBudgetStore(path);
    return opened;
  };

  async function settle(open: BudgetStore, event: LedgerEvent): Promise<void> {
    if (event.type !== 'request.refused') open.settle(event);
    for (const account of event.budget?.accounts ?? []) {
      for (const percent of open.newPercents(event, account)) {
        await record(warningFacts(event, account, percent));
        log.info('budget.warned', { account: account.id, percent });
      }
    }
  }

  return {
    book: {
      states: async (ids) => (ids.length === 0 ? [] : (await store()).states(ids)),
    },
    async open(intent) {
      if (intent.hold?.reserved_micros) {
        const noRoom = await reserved(store, intent);
        if (noRoom) return noRoom;
      }
      return sink.open(intent);
    },
    async send(event) {
      const sent = await sink.send(event);
      if (!event.type.startsWith('request.') || !event.budget) return sent;
      await store()
        .then((open) => settle(open, event))
        .catch((error: unknown) => {
          log.error('a budget could not be settled', { request_id: event.request_id, error: String(error) });
        });
      return sent;
    },
    async close() {
      (await opened?.catch(() => undefined))?.close();
    },
  };
}

async function reserved(store: () => Promise<BudgetStore>, intent: Parameters<IntentLog['open']>[0]) {
  try {
    return (await store()).reserve(intent);
  } catch (cause) {
    throw new GatewayError(
      'budget_unavailable',
      'The budget of this app cannot be checked right now, so the call was not made. Try again in a moment.',
      { cause, retryAfterSeconds: 1 },
    );
  }
}
