import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { LedgerEvent } from '#core/ledger/event.ts';
import type { Clock } from '#core/ports.ts';
import { documentClient } from './dynamo-client.ts';
import { LOOKUP } from './key-items.ts';
import { systemClock } from './system-clock.ts';

export interface KeyUseOptions {
  /** The State table. */
  readonly table: string;
  readonly client?: DynamoDBDocumentClient;
  readonly clock?: Clock;
}

/** A process writes the use of a key at most so often: far from every call, and never while a client waits. */
const EVERY_MS = 5 * 60_000;
const MAX_REMEMBERED = 5000;

/** Notes when a key was first and last used, beside the key (`KEYUSE#<id>`): no function may write the key itself. */
export function keyUse({ table, client = documentClient(), clock = systemClock }: KeyUseOptions) {
  const noted = new Map<string, number>();
  return async ({ auth, key_id, at }: LedgerEvent): Promise<void> => {
    const now = clock.now();
    if (auth !== 'app_key' || now - (noted.get(key_id) ?? 0) < EVERY_MS) return;
    await client.send(
      new UpdateCommand({
        TableName: table,
        Key: { pk: `KEYUSE#${key_id}`, sk: 'META' },
        UpdateExpression:
          'SET #id = :id, #lookup = :lookup, lastUsedAt = :at, firstUsedAt = if_not_exists(firstUsedAt, :at)',
        ExpressionAttributeNames: { '#id': 'id', '#lookup': 'lookup' },
        ExpressionAttributeValues: { ':id': key_id, ':lookup': LOOKUP.uses, ':at': at },
      }),
    );
    if (noted.size >= MAX_REMEMBERED) noted.clear();
    noted.set(key_id, now);
  };
}
