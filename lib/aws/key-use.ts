import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { LedgerEvent } from '#core/ledger/event.ts';
import type { Clock, Log } from '#core/ports.ts';
import { documentClient } from './dynamo-client.ts';
import { LOOKUP } from './key-items.ts';
import { systemClock } from './system-clock.ts';

export interface KeyUseOptions {
  /** The State table. */
  readonly table: string;
  readonly client?: DynamoDBDocumentClient;
  readonly clock?: Clock;
}

/** A process writes the use of a key or token at most so often. */
const EVERY_MS = 5 * 60_000;
const MAX_REMEMBERED = 5000;
/** A person at the console waits no longer for it. */
const TOKEN_MS = 500;

/** Notes when a key was first and last used, beside the key (`KEYUSE#<id>`): no function may write the key itself. Far from every call, and never while a client waits. */
export function keyUse(options: KeyUseOptions) {
  const { clock = systemClock } = options;
  const due = rarely();
  const write = useWriter(options);
  return async ({ auth, key_id, at }: LedgerEvent): Promise<void> => {
    const now = clock.now();
    if (auth !== 'app_key' || !due.is(key_id, now)) return;
    await write(key_id, at);
    due.done(key_id, now);
  };
}

/** Notes the use of a token, by its id. Tried once in a while, in half a second; what fails is told to the log only. */
export function tokenUse({ log, ...options }: KeyUseOptions & { readonly log: Log }) {
  const { clock = systemClock } = options;
  const due = rarely();
  const write = useWriter(options);
  return async (id: string): Promise<void> => {
    const now = clock.now();
    if (!due.is(id, now)) return;
    due.done(id, now);
    await write(id, new Date(now).toISOString(), AbortSignal.timeout(TOKEN_MS)).catch((error: unknown) =>
      log.error('the use of a token could not be noted', { token_id: id, error: String(error) }),
    );
  };
}

function useWriter({ table, client = documentClient() }: KeyUseOptions) {
  return async (id: string, at: string, abortSignal?: AbortSignal): Promise<void> => {
    const command = new UpdateCommand({
      TableName: table,
      Key: { pk: `KEYUSE#${id}`, sk: 'META' },
      UpdateExpression:
        'SET #id = :id, #lookup = :lookup, lastUsedAt = :at, firstUsedAt = if_not_exists(firstUsedAt, :at)',
      ExpressionAttributeNames: { '#id': 'id', '#lookup': 'lookup' },
      ExpressionAttributeValues: { ':id': id, ':lookup': LOOKUP.uses, ':at': at },
    });
    await client.send(command, abortSignal ? { abortSignal } : {});
  };
}

/** What was done in the last five minutes, of the ids seen by this process. */
function rarely() {
  const noted = new Map<string, number>();
  return {
    is: (id: string, now: number) => now - (noted.get(id) ?? 0) >= EVERY_MS,
    done(id: string, now: number) {
      if (noted.size >= MAX_REMEMBERED) noted.clear();
      noted.set(id, now);
    },
  };
}
