import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { heldText } from '#core/budget/hold.ts';
import { endsExchange } from '#core/ledger/ends-exchange.ts';
import type { LedgerEvent } from '#core/ledger/event.ts';
import { fitEvent } from '#core/ledger/fit-event.ts';
import { textOf, wasRefused } from './dynamo-failure.ts';
import { DUE, epochSeconds, intentKeyOf, TOMBSTONE_DAYS } from './intent-items.ts';
import { dayMarker } from './ledger-item.ts';
import { eventPut, type LedgerTables } from './ledger-writes.ts';
import { transact, type Write } from './transact.ts';

/** Leaves room for the attributes beside the event in an item of 400 KB. */
const MAX_OUTBOX_BYTES = 380_000;

/** Writes one event; `now` is epoch milliseconds. Resolves when it is stored, also when it was before. */
export type DirectPut = (event: LedgerEvent, now: number, abortSignal: AbortSignal) => Promise<void>;

/**
 * Writes events past the queue, with no more rights than PutItem. The event of an exchange also replaces its intent by an outbox
 * item, from which the sweeper sends it to the recorder later; until then it is stored but not counted.
 */
export function directPut(client: DynamoDBDocumentClient, tables: LedgerTables): DirectPut {
  return async (event, now, abortSignal) => {
    const { ledgerTable, retentionDays } = tables;
    const marker: Write = { Put: { TableName: ledgerTable, Item: dayMarker(event, retentionDays) } };
    const put = [eventPut(tables, event), marker];

    const write = (writes: Write[]) => transact(client, writes, abortSignal);
    if (!endsExchange(event)) return void (await write(put));
    const claimed = event.budget && heldText(event.budget);
    const refused = await write([...put, outboxPut(tables, event, now, claimed)]);
    if (!refused || wasRefused(refused[0])) return;
    const { closed, held } = refused[2]?.item ?? {};
    // Closed by another event (it was given up for lost): this one is evidence all the same. Else the call holds something else.
    const again = closed === undefined ? [...put, outboxPut(tables, event, now, textOf(held))] : put;
    if ((await write(again)) && closed === undefined) await write(put);
  };
}

/** Not over a closed call: that has been counted. What the call holds of budgets stays, for the recorder to settle. */
function outboxPut(
  { stateTable }: LedgerTables,
  event: LedgerEvent,
  now: number,
  held: string | undefined,
): Write {
  return {
    Put: {
      TableName: stateTable,
      Item: {
        ...intentKeyOf(event.request_id),
        due_key: DUE.event,
        due_at: new Date(now).toISOString(),
        expires: epochSeconds(now, TOMBSTONE_DAYS),
        event: JSON.stringify(fitEvent(event, MAX_OUTBOX_BYTES)),
        ...(held === undefined ? {} : { held }),
      },
      ConditionExpression: `attribute_not_exists(#closed) AND ${held === undefined ? 'attribute_not_exists(held)' : 'held = :held'}`,
      ExpressionAttributeNames: { '#closed': 'closed' },
      ...(held === undefined ? {} : { ExpressionAttributeValues: { ':held': held } }),
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    },
  };
}
