import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { budgetKeyOf } from './budget-items.ts';
import { blockingItem } from './dynamo-failure.ts';

/**
 * A warning that stands in the ledger and that the event bus has not taken yet: the attribute `pending#<percent>` of its account,
 * written in the transaction that tells it and removed when it is announced. So none is lost between the two.
 */
export interface PendingWarning {
  readonly percent: number;
  /** The event `budget.warned`, and its time. */
  readonly event_id: string;
  readonly at: string;
  /** Milliseconds since the epoch. Until then it belongs to the recorder that wrote this; longer than one runs. */
  readonly again_at: number;
}

type Attribute = Omit<PendingWarning, 'percent'>;

export const TAKEN_MS = 60_000;
const PREFIX = 'pending#';

export function pendingAttribute({ percent, ...pending }: PendingWarning): {
  name: string;
  value: Attribute;
} {
  return { name: PREFIX + percent, value: pending };
}

/** Those of an account's item that nobody is announcing at `now`. */
export function duePending(item: Readonly<Record<string, unknown>>, now: number): PendingWarning[] {
  return Object.entries(item)
    .filter(([name]) => name.startsWith(PREFIX))
    .map(([name, value]) => ({ percent: Number(name.slice(PREFIX.length)), ...(value as Attribute) }))
    .filter(({ again_at }) => again_at <= now);
}

/** The writes on what is pending, in the State table. */
export function pendingWarnings(client: DynamoDBDocumentClient, table: string) {
  const at = (account: string, percent: number) => ({
    TableName: table,
    Key: budgetKeyOf(account),
    ExpressionAttributeNames: { '#pending': PREFIX + percent },
  });

  return {
    /** Takes one over for a minute; false when another recorder was faster. */
    async take(account: string, { percent, again_at }: PendingWarning, now: number): Promise<boolean> {
      const command = new UpdateCommand({
        ...at(account, percent),
        UpdateExpression: 'SET #pending.again_at = :next',
        ConditionExpression: '#pending.again_at = :seen',
        ExpressionAttributeValues: { ':seen': again_at, ':next': now + TAKEN_MS },
      });
      try {
        await client.send(command);
        return true;
      } catch (error) {
        if (blockingItem(error)) return false;
        throw error;
      }
    },
    /** It is announced. */
    async drop(account: string, { percent }: PendingWarning): Promise<void> {
      await client.send(new UpdateCommand({ ...at(account, percent), UpdateExpression: 'REMOVE #pending' }));
    },
  };
}
