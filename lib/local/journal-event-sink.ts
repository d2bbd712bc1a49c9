import { GatewayError } from '#core/errors.ts';
import type { JsonObject } from '#core/json.ts';
import type { EventSink, Intent, IntentLog, Log } from '#core/ports.ts';
import type { Journal } from './journal.ts';

/** The kinds of records an exchange leaves in the journal. */
export const INTENT = 'intent';
export const EVENT = 'event';

/** Intents and events in the journal. A full journal takes no new calls, and still the events of those under way. An event the disk does not take goes to the log, whole, so that it can be replayed. */
export function journalEventSink(
  journal: Journal,
  log: Log,
  isFull: () => boolean = () => false,
): EventSink & IntentLog {
  return {
    async open(intent: Intent) {
      if (isFull())
        throw new GatewayError('audit_unavailable', 'The journal is full: an operator must look.');
      await journal.append({ kind: INTENT, intent: asJson(intent) }).catch((cause: unknown) => {
        throw new GatewayError('audit_unavailable', 'The call cannot be recorded now. Try again later.', {
          cause,
        });
      });
      return undefined;
    },
    async send(event) {
      try {
        await journal.append({ kind: EVENT, event: asJson(event) });
        return { tier: 'journal' };
      } catch (error) {
        log.error('event not stored in the journal', { reason: reasonOf(error), replay: event });
        return { tier: 'log' };
      }
    },
  };
}

function asJson(value: object): JsonObject {
  return value as JsonObject;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
