import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { LedgerEvent } from '#core/ledger/event.ts';
import type { Intent } from '#core/ports.ts';
import { actSent, type StoredAct, waitingActs } from './act-items.ts';
import { documentClient } from './dynamo-client.ts';
import { DUE, intentKeyOf } from './intent-items.ts';
import { StoredIntent } from './queue-message.ts';

/** Calls that the recorder has not closed. An item that cannot be read is left where it is. */
export interface OpenCalls {
  /** Intents whose deadline is before `now` (ISO), oldest first. */
  lost(now: string, limit: number): Promise<Intent[]>;
  /** Events that were stored past the queue and wait to be counted, oldest first. */
  uncounted(now: string, limit: number): Promise<LedgerEvent[]>;
  /** What operators did at the tables and nobody recorded yet. */
  acts(limit: number): Promise<StoredAct[]>;
  actSent(eventId: string): Promise<void>;
  /** Leaves a call alone until then (ISO): its event is on the way to the recorder. */
  postpone(requestId: string, until: string): Promise<void>;
}

export interface OpenCallsOptions {
  /** The State table. */
  readonly table: string;
  readonly client?: DynamoDBDocumentClient;
}

export function dynamoOpenCalls({ table, client = documentClient() }: OpenCallsOptions): OpenCalls {
  async function due(key: string, now: string, limit: number): Promise<Record<string, unknown>[]> {
    const { Items } = await client.send(
      new QueryCommand({
        TableName: table,
        IndexName: 'byDue',
        KeyConditionExpression: 'due_key = :key AND due_at < :now',
        ExpressionAttributeValues: { ':key': key, ':now': now },
        Limit: limit,
      }),
    );
    return Items ?? [];
  }

  return {
    async lost(now, limit) {
      const items = await due(DUE.intent, now, limit);
      return items.flatMap((item) => StoredIntent.safeParse(item['intent']).data ?? []);
    },
    async uncounted(now, limit) {
      const items = await due(DUE.event, now, limit);
      return items.flatMap((item) => LedgerEvent.safeParse(JSON.parse(String(item['event']))).data ?? []);
    },
    acts: (limit) => waitingActs(client, table, limit),
    actSent: (eventId) => actSent(client, table, eventId),
    async postpone(requestId, until) {
      const update = new UpdateCommand({
        TableName: table,
        Key: intentKeyOf(requestId),
        UpdateExpression: 'SET due_at = :until',
        ConditionExpression: 'attribute_exists(due_key)',
        ExpressionAttributeValues: { ':until': until },
      });
      await client.send(update).catch((error: unknown) => {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
      });
    },
  };
}
