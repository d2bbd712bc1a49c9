import type { SQSClient } from '@aws-sdk/client-sqs';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { GatewayError } from '#core/errors.ts';
import type { Intent, IntentLog } from '#core/ports.ts';
import { documentClient } from './dynamo-client.ts';
import { blockingItem, type StandingItem } from './dynamo-failure.ts';
import { putIntent } from './intent-items.ts';
import { queueSend } from './queue-send.ts';
import { sqsClient } from './sqs-client.ts';

export interface IntentLogOptions {
  /** The State table. */
  readonly table: string;
  /** Takes intents while the table is out of reach; the recorder stores them later. */
  readonly queueUrl?: string;
  readonly client?: DynamoDBDocumentClient;
  readonly sqs?: SQSClient;
}

/** How long a call may wait for its intent before the queue is tried. */
const WRITE_MS = 1500;

/** Write-ahead intents in the State table, else in the queue, else `audit_unavailable`. */
export function dynamoIntentLog(options: IntentLogOptions): IntentLog {
  const { table, queueUrl, client = documentClient(), sqs = sqsClient() } = options;

  async function intoTable(intent: Intent): Promise<void> {
    await client.send(putIntent(table, intent), { abortSignal: AbortSignal.timeout(WRITE_MS) });
  }

  async function intoQueue(intent: Intent, cause: unknown): Promise<void> {
    if (queueUrl === undefined) throw unavailable(cause);
    await queueSend(sqs, queueUrl, { intent }, intent.appId).catch((error: unknown) => {
      throw unavailable(error);
    });
  }

  return {
    async open(intent) {
      try {
        await intoTable(intent);
      } catch (error) {
        const standing = blockingItem(error);
        if (standing === undefined) return intoQueue(intent, error);
        if (!isOurs(standing, intent)) throw unavailable(error);
      }
    },
  };
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
      await client.send(putIntent(table, intent)).catch((error: unknown) => {
        if (blockingItem(error) === undefined) throw error;
      });
    },
  };
}

/** The write was sent twice, and the first one had arrived after all. */
function isOurs(standing: StandingItem, intent: Intent): boolean {
  const same = standing['emitter'] === intent.emitter && standing['seq'] === intent.seq;
  return same && standing['closed'] === undefined;
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
