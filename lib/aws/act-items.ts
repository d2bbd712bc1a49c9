import { type DynamoDBDocumentClient, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { KEY_ACTS } from '#core/ledger/event.ts';
import type { KeyAct } from '#core/ledger/plain-facts.ts';
import type { Clock, Ids } from '#core/ports.ts';
import { epochSeconds, TOMBSTONE_DAYS } from './intent-items.ts';
import type { Write } from './transact.ts';

/**
 * Acts of an operator at the tables, who cannot write the ledger: `ACT#<id>` waits until the sweeper has made an event of it. Id and
 * emitter of that event are fixed here, so that an act which is sent twice is one event.
 */
const DUE_ACT = 'OPEN#ACT';
const actKeyOf = (eventId: string) => ({ pk: `ACT#${eventId}`, sk: 'META' });

const StoredAct = z.object({
  eventId: z.string(),
  emitter: z.string(),
  facts: z.object({
    at: z.string(),
    type: z.enum(KEY_ACTS),
    requestId: z.string(),
    appId: z.string(),
    keyId: z.string(),
    auth: z.enum(['console', 'system']),
    route: z.string(),
    reviewer: z.string().exactOptional(),
    detail: z.string().exactOptional(),
  }),
});
export type StoredAct = z.infer<typeof StoredAct>;

export interface ActOptions {
  /** The State table. */
  readonly table: string;
  readonly ids: Ids;
  readonly clock: Clock;
}

/** Leaves an act for the sweeper, in the transaction of the change it is about. */
export function actPut({ table, ids, clock }: ActOptions, facts: KeyAct): Write {
  const eventId = ids.next();
  const now = clock.now();
  const Item = {
    ...actKeyOf(eventId),
    due_key: DUE_ACT,
    due_at: new Date(now).toISOString(),
    expires: epochSeconds(now, TOMBSTONE_DAYS),
    eventId,
    emitter: ids.next(),
    facts,
  };
  return { Put: { TableName: table, Item } };
}

/** Acts that wait, oldest first. */
export async function waitingActs(
  client: DynamoDBDocumentClient,
  table: string,
  limit: number,
): Promise<StoredAct[]> {
  const { Items = [] } = await client.send(
    new QueryCommand({
      TableName: table,
      IndexName: 'byDue',
      KeyConditionExpression: 'due_key = :key',
      ExpressionAttributeValues: { ':key': DUE_ACT },
      Limit: limit,
    }),
  );
  return Items.flatMap((item) => StoredAct.safeParse(item).data ?? []);
}

/** The queue has its event. */
export async function actSent(client: DynamoDBDocumentClient, table: string, eventId: string): Promise<void> {
  const update = { UpdateExpression: 'REMOVE due_key, due_at', ConditionExpression: 'attribute_exists(pk)' };
  await client.send(new UpdateCommand({ TableName: table, Key: actKeyOf(eventId), ...update }));
}
