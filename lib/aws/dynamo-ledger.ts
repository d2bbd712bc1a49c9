import { type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { LedgerEvent } from '#core/ledger/event.ts';
import type { Clock, Ledger } from '#core/ports.ts';
import { sha256Hex } from '#core/text/hash.ts';
import { dayMarkers } from './day-markers.ts';
import { documentClient } from './dynamo-client.ts';
import { type Refusal, wasRefused } from './dynamo-failure.ts';
import { epochSeconds } from './intent-items.ts';
import { endsExchange } from './ledger-item.ts';
import { eventPut, intentClose, type LedgerTables, usageAdd } from './ledger-writes.ts';
import { systemClock } from './system-clock.ts';
import { transact, type Write } from './transact.ts';
import { negated, perRow, type UsageDelta, usageDelta } from './usage-delta.ts';

export interface LedgerOptions extends LedgerTables {
  readonly client?: DynamoDBDocumentClient;
  readonly clock?: Clock;
}

/** Characters; in UTF-8 they stay below the 400 KB of an item, since messages are nearly all ASCII. */
const MAX_QUARANTINED = 300_000;

/** The ledger of the recorder. One transaction stores the event, closes its call and counts its usage; each happens once. */
export function dynamoLedger(options: LedgerOptions): Ledger {
  const { client = documentClient(), clock = systemClock } = options;
  const markers = dayMarkers(client, options);

  const write = (writes: Write[]) => transact(client, writes);

  async function put(event: LedgerEvent): Promise<'stored' | 'duplicate'> {
    return (await write([eventPut(options, event)])) ? 'duplicate' : 'stored';
  }

  async function settle(event: LedgerEvent): Promise<'stored' | 'duplicate'> {
    const close = intentClose(options, event, clock.now());
    const count = usageAdd(options, usageDelta(event));
    const refused = await write([eventPut(options, event), close, count]);
    if (!refused) return 'stored';
    const [stored, closed] = refused;
    if (wasRefused(stored)) {
      // Stored by a gateway that could not reach the queue, but not yet counted; or both done: delivered twice.
      if (wasRefused(closed)) return 'duplicate';
      return (await write([close, count])) ? 'duplicate' : 'stored';
    }
    return closedBefore(event, closed?.item ?? {});
  }

  /** Another event closed the call. A call that was given up for lost and then reports back is corrected; nothing is charged twice. */
  async function closedBefore(
    event: LedgerEvent,
    standing: Refusal['item'],
  ): Promise<'stored' | 'duplicate'> {
    if (event.type === 'request.outcome_unknown') return 'duplicate';
    if (standing['closed_type'] !== 'request.outcome_unknown') return put(event);
    const before = JSON.parse(String(standing['counted'])) as UsageDelta;
    const counts = perRow([negated(before), usageDelta(event)]).map((delta) => usageAdd(options, delta));
    const close = intentClose(options, event, clock.now(), String(standing['closed']));
    const refused = await write([eventPut(options, event), close, ...counts]);
    return refused ? 'duplicate' : 'stored';
  }

  return {
    async append(event) {
      await markers.note(event);
      return endsExchange(event) ? settle(event) : put(event);
    },
    async quarantine(body, reason) {
      const now = clock.now();
      const item = {
        pk: `QUARANTINE#${new Date(now).toISOString().slice(0, 10)}`,
        sk: sha256Hex(body),
        reason,
        length: body.length,
        body: body.slice(0, MAX_QUARANTINED),
        expires: epochSeconds(now, options.retentionDays),
      };
      await client.send(new PutCommand({ TableName: options.ledgerTable, Item: item }));
    },
  };
}
