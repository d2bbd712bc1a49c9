import { setTimeout as sleep } from 'node:timers/promises';
import {
  type DynamoDBDocumentClient,
  TransactWriteCommand,
  type TransactWriteCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { mayWorkAgain, type Refusal, refusals, wasRefused } from './dynamo-failure.ts';

/** One operation of a transaction. */
export type Write = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

/** Operations of one transaction. */
export const MAX_WRITES = 100;

const TRIES = 6;
const MAX_PAUSE_MS = 640;

/**
 * Writes all or nothing. Undefined when written; when a condition refused it, one entry per operation. Transactions that meet on an
 * item are repeated (the SDK does not): until `abortSignal` says that it is too late, without one 6 tries within about a second.
 * Throws for every other failure.
 */
export async function transact(
  client: DynamoDBDocumentClient,
  writes: readonly Write[],
  abortSignal?: AbortSignal,
): Promise<readonly Refusal[] | undefined> {
  for (let tried = 1; ; tried += 1) {
    try {
      const command = new TransactWriteCommand({ TransactItems: [...writes] });
      await client.send(command, abortSignal ? { abortSignal } : {});
      return undefined;
    } catch (error) {
      const reasons = refusals(error);
      if (!reasons) throw error;
      if (reasons.some(wasRefused)) return reasons;
      if (!mayWorkAgain(reasons) || (tried >= TRIES && !abortSignal)) throw error;
      await sleep(
        Math.random() * Math.min(MAX_PAUSE_MS, 20 * 2 ** tried),
        undefined,
        abortSignal ? { signal: abortSignal } : {},
      );
    }
  }
}
