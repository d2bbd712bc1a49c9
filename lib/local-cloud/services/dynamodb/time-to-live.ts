import { AwsError } from '../aws-error.ts';
import type { DurableMap } from '../durable-map.ts';
import type { Exclusive } from '../exclusive.ts';
import { run, type Store } from './engine.ts';
import { keyOf, writeAtomically } from './writes.ts';

const PAGE = 200;
/** DynamoDB leaves items alone that expired more than five years ago. */
const OLDEST_SECONDS = 5 * 365 * 24 * 3600;

/** Which attribute of a table says when an item expires. */
export type TimeToLive = DurableMap<{ attribute: string; enabled: boolean }>;

/** The answer to DescribeTimeToLive. */
export function describeTimeToLive(settings: TimeToLive, table: string): object {
  const setting = settings.get(table);
  if (!setting?.enabled) return { TimeToLiveDescription: { TimeToLiveStatus: 'DISABLED' } };
  return { TimeToLiveDescription: { TimeToLiveStatus: 'ENABLED', AttributeName: setting.attribute } };
}

/** Deletes what has expired, page by page, so that other calls get their turn. Returns the number of items deleted. */
export async function sweepExpired(
  store: Store,
  settings: TimeToLive,
  exclusively: Exclusive,
  stopped: () => boolean,
): Promise<number> {
  let deleted = 0;
  for (const [table, setting] of settings.entries()) {
    if (setting.enabled) deleted += await sweepTable(store, table, setting.attribute, exclusively, stopped);
  }
  return deleted;
}

async function sweepTable(
  store: Store,
  table: string,
  attribute: string,
  exclusively: Exclusive,
  stopped: () => boolean,
): Promise<number> {
  let deleted = 0;
  let start: unknown;
  do {
    if (stopped()) return deleted;
    const page = await run(store, 'Scan', {
      ...condition(table, attribute, 'FilterExpression'),
      Limit: PAGE,
      ...(start === undefined ? {} : { ExclusiveStartKey: start }),
    });
    for (const item of page['Items'] as Record<string, unknown>[]) {
      if (await exclusively(() => deleteExpired(store, table, attribute, item))) deleted += 1;
    }
    start = page['LastEvaluatedKey'];
  } while (start !== undefined);
  return deleted;
}

async function deleteExpired(
  store: Store,
  table: string,
  attribute: string,
  item: Record<string, unknown>,
): Promise<boolean> {
  const Key = await keyOf(store, table, item);
  try {
    await writeAtomically(store, 'DeleteItem', {
      ...condition(table, attribute, 'ConditionExpression'),
      Key,
    });
    return true;
  } catch (error) {
    // Somebody gave the item a later end since the scan.
    if (error instanceof AwsError && error.code === 'ConditionalCheckFailedException') return false;
    throw error;
  }
}

function condition(table: string, attribute: string, member: string): Record<string, unknown> {
  const now = Math.floor(Date.now() / 1000);
  return {
    TableName: table,
    [member]: '#expires BETWEEN :oldest AND :now',
    ExpressionAttributeNames: { '#expires': attribute },
    ExpressionAttributeValues: { ':oldest': { N: String(now - OLDEST_SECONDS) }, ':now': { N: String(now) } },
  };
}
