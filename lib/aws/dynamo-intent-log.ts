import type { SQSClient } from '@aws-sdk/client-sqs';
import { type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { heldText } from '#core/budget/hold.ts';
import { GatewayError } from '#core/errors.ts';
import type { Intent, IntentLog, NoRoom } from '#core/ports.ts';
import { reserveWrites } from './budget-items.ts';
import { stateOf } from './dynamo-budget-book.ts';
import { documentClient } from './dynamo-client.ts';
import { blockingItem, type Refusal, type StandingItem, wasRefused } from './dynamo-failure.ts';
import { intentPut } from './intent-items.ts';
import { queueSend } from './queue-send.ts';
import { sqsClient } from './sqs-client.ts';
import { transact } from './transact.ts';

export interface IntentLogOptions {
  /** The State table. */
  readonly table: string;
  /** Takes intents while the table is out of reach; the recorder stores them later. */
  readonly queueUrl?: string;
  /** How long a call may wait for a budget that many calls want at once; there is no other way then. Default 4 s. */
  readonly reserveMs?: number;
  readonly client?: DynamoDBDocumentClient;
  readonly sqs?: SQSClient;
}

/** How long a call may wait for its intent before the queue is tried. */
const WRITE_MS = 1500;
const RESERVE_MS = 4000;

/**
 * Write-ahead intents in the State table, else in the queue, else `audit_unavailable`. What an intent sets aside of budgets is in
 * one transaction with it; without the table no such call is made.
 */
export function dynamoIntentLog(options: IntentLogOptions): IntentLog {
  const { table, queueUrl, client = documentClient(), sqs = sqsClient() } = options;
  const { reserveMs = RESERVE_MS } = options;

  async function intoTable(intent: Intent): Promise<void> {
    await client.send(new PutCommand(intentPut(table, intent)), {
      abortSignal: AbortSignal.timeout(WRITE_MS),
    });
  }

  async function intoQueue(intent: Intent, cause: unknown): Promise<void> {
    if (queueUrl === undefined) throw unavailable(cause);
    await queueSend(sqs, queueUrl, { intent }, intent.appId).catch((error: unknown) => {
      throw unavailable(error);
    });
  }

  async function openPlain(intent: Intent): Promise<undefined> {
    try {
      await intoTable(intent);
    } catch (error) {
      const standing = blockingItem(error);
      if (standing === undefined) await intoQueue(intent, error);
      else if (!isOurs(standing, intent)) throw unavailable(error);
    }
  }

  async function openWithHold(intent: Intent, reserves: ReturnType<typeof reserveWrites>) {
    const writes = [{ Put: intentPut(table, intent) }, ...reserves];
    const refused = await transact(client, writes, AbortSignal.timeout(reserveMs)).catch((cause: unknown) => {
      throw budgetUnavailable(cause);
    });
    if (!refused) return undefined;
    const [put, ...accounts] = refused;
    if (!wasRefused(put)) return noRoom(intent, accounts);
    if (isOurs(put?.item ?? {}, intent)) return undefined;
    throw unavailable(new Error('another call has this request id'));
  }

  return {
    async open(intent) {
      const reserves = intent.hold ? reserveWrites(table, intent.hold) : [];
      return reserves.length === 0 ? openPlain(intent) : openWithHold(intent, reserves);
    },
  };
}

function noRoom({ hold }: Intent, refused: readonly Refusal[]): NoRoom {
  const full = (hold?.accounts ?? []).flatMap(({ id }, i) => {
    const refusal = refused[i];
    return refusal && wasRefused(refusal) ? [stateOf(id, refusal.item)] : [];
  });
  return { full };
}

/** Where the recorder puts the intents that came through the queue. */
export interface IntentStore {
  /** A call that is open or closed already stays as it is. */
  put(intent: Intent): Promise<void>;
}

export function dynamoIntentStore({
  table,
  client = documentClient(),
}: Pick<IntentLogOptions, 'table' | 'client'>): IntentStore {
  return {
    async put(intent) {
      await client.send(new PutCommand(intentPut(table, intent))).catch((error: unknown) => {
        if (blockingItem(error) === undefined) throw error;
      });
    },
  };
}

/** The write was sent twice, and the first one had arrived after all. */
function isOurs(standing: StandingItem, intent: Intent): boolean {
  const same = standing['emitter'] === intent.emitter && standing['seq'] === intent.seq;
  const held = standing['held'] === (intent.hold && heldText(intent.hold));
  return same && held && standing['closed'] === undefined;
}

function unavailable(cause: unknown): GatewayError {
  return new GatewayError(
    'audit_unavailable',
    'The call cannot be recorded right now. Try again in a moment.',
    {
      cause,
    },
  );
}

/** The table is out of reach, or too many calls want the same budget at this moment. */
function budgetUnavailable(cause: unknown): GatewayError {
  return new GatewayError(
    'budget_unavailable',
    'The budget of this app cannot be checked right now, so the call was not made. Try again in a moment.',
    { cause, retryAfterSeconds: 1 },
  );
}
