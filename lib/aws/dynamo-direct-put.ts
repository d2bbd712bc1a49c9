import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { LedgerEvent } from '#core/ledger/event.ts';
import { fitEvent } from '#core/ledger/fit-event.ts';
import { wasRefused } from './dynamo-failure.ts';
import { DUE, epochSeconds, intentKeyOf, TOMBSTONE_DAYS } from './intent-items.ts';
import { dayMarker, endsExchange } from './ledger-item.ts';
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
    const refused = await write(endsExchange(event) ? [...put, outboxPut(tables, event, now)] : put);
    // The call was closed by another event (it was given up for lost): this one is evidence all the same.
    if (refused && !wasRefused(refused[0])) await write(put);
  };
}

/** Not over a closed call: that has been counted. */
function outboxPut({ stateTable }: LedgerTables, event: LedgerEvent, now: number): Write {
  return {
    Put: {
      TableName: stateTable,
      Item: {
        ...intentKeyOf(event.request_id),
        due_key: DUE.event,
        due_at: new Date(now).toISOString(),
        expires: epochSeconds(now, TOMBSTONE_DAYS),
        event: JSON.stringify(fitEvent(event, MAX_OUTBOX_BYTES)),
      },
      ConditionExpression: 'attribute_not_exists(#closed)',
      ExpressionAttributeNames: { '#closed': 'closed' },
    },
  };
}
