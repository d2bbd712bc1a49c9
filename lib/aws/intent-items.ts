import { heldText } from '#core/budget/hold.ts';
import type { LedgerEvent } from '#core/ledger/event.ts';
import type { Intent } from '#core/ports.ts';
import type { Write } from './transact.ts';

/**
 * The life of one item, `INT#<request>`: open intent → (event stored without the recorder, not yet counted →) closed. Closed is
 * kept as a tombstone, so that what arrives late or twice neither opens nor counts the call again.
 */

/** Partitions of the index `byDue`. */
export const DUE = { intent: 'OPEN#INTENT', event: 'OPEN#EVENT' } as const;

/** Longer than a message can live in the queue and the dead letter queue together (4 + 14 days). */
export const TOMBSTONE_DAYS = 30;

export const intentKeyOf = (requestId: string) => ({ pk: `INT#${requestId}`, sk: 'META' });

/** Of the call that an event ends. One that a gateway elsewhere reports has no intent and, whatever its id is, touches no call of `environment`. */
export function callKeyOf(environment: string, event: Pick<LedgerEvent, 'environment' | 'request_id'>) {
  const isOurs = event.environment === environment;
  return intentKeyOf(isOurs ? event.request_id : `${event.environment}#${event.request_id}`);
}

/** The open intent, unless the call already has an item. `held` says what was set aside with it. */
export function intentPut(table: string, intent: Intent): NonNullable<Write['Put']> {
  const held = intent.hold && heldText(intent.hold);
  return {
    TableName: table,
    Item: {
      ...intentKeyOf(intent.requestId),
      due_key: DUE.intent,
      due_at: intent.deadline,
      expires: epochSeconds(Date.parse(intent.deadline), TOMBSTONE_DAYS),
      emitter: intent.emitter,
      seq: intent.seq,
      intent,
      ...(held === undefined ? {} : { held }),
    },
    ConditionExpression: 'attribute_not_exists(pk)',
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  };
}

/** A time-to-live value: so many days after a moment in epoch milliseconds. */
export function epochSeconds(fromMs: number, days: number): number {
  return Math.floor(fromMs / 1000) + Math.ceil(days * 86_400);
}
