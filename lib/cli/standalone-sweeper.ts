import { ulidIds } from '#aws/ulid-ids.ts';
import { createEmitter } from '#core/ledger/chain.ts';
import { lostEvent } from '#core/ledger/lost-event.ts';
import type { Origin } from '#core/ledger/origin.ts';
import type { EventSink, Log } from '#core/ports.ts';
import { lostIntents } from '#local/lost-intents.ts';
import { settleOverdue } from '#local/settle-overdue.ts';
import { wallClock } from './source-options.ts';

const EVERY_MS = 5 * 60_000;

export interface Sweeper {
  /** Resolves when a sweep that is under way has ended. */
  close(): Promise<void>;
}

/**
 * Gives calls that a killed process left without an event their one final event, `request.outcome_unknown`: now, and
 * every five minutes while earlier calls may still be running somewhere.
 */
export function sweepLostCalls(
  { journal, budgets }: { readonly journal: string; readonly budgets: string },
  { sink, origin, log }: { sink: EventSink; origin: Origin; log: Log },
): Sweeper {
  const emitter = createEmitter(ulidIds.next());
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  async function sweep(): Promise<void> {
    const { lost, open } = await lostIntents(journal, wallClock);
    for (const intent of lost) {
      const now = new Date(wallClock.now()).toISOString();
      await sink.send(emitter.seal(lostEvent(intent, origin, ulidIds.next(), now)));
      log.info('call lost', { request_id: intent.requestId, app: intent.appId, model: intent.model });
    }
    await settleOverdue(budgets, journal, wallClock);
    if (open.length > 0 && !closed) timer = setTimeout(run, EVERY_MS).unref();
  }
  function run(): void {
    running = sweep().catch((error: unknown) =>
      log.error('lost calls could not be swept', { error: String(error) }),
    );
  }

  let running: Promise<void> = Promise.resolve();
  run();
  return {
    async close() {
      closed = true;
      clearTimeout(timer);
      await running;
    },
  };
}
