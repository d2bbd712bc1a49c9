import { isObject } from '#core/json.ts';
import { AwsError } from '../aws-error.ts';
import { bufferedStore } from './buffered-store.ts';
import { run, type Store } from './engine.ts';
import { readTable } from './tables.ts';

/**
 * Runs one write so that an item and its index rows change together, also under `kill -9`. The caller holds the write lock.
 */
export async function writeAtomically(store: Store, action: string, input: unknown): Promise<unknown> {
  const buffer = bufferedStore(store);
  const answer = await run(buffer.store, action, input).catch(async (error: unknown) => {
    throw await withCurrentItem(store, input, error);
  });
  await buffer.commit();
  return answer;
}

/** A failed condition shows the item when `ReturnValuesOnConditionCheckFailure` asks for it. */
export async function withCurrentItem(store: Store, input: unknown, error: unknown): Promise<unknown> {
  if (!(error instanceof AwsError) || error.code !== 'ConditionalCheckFailedException') return error;
  const item = await itemOnFailure(store, input);
  if (!item) return error;
  return new AwsError(error.code, error.message, { status: error.status, members: { Item: item } });
}

async function itemOnFailure(store: Store, input: unknown): Promise<unknown> {
  if (!isObject(input) || input['ReturnValuesOnConditionCheckFailure'] !== 'ALL_OLD') return undefined;
  const TableName = input['TableName'];
  const Key = input['Key'] ?? (await keyOf(store, String(TableName), input['Item']));
  return (await run(store, 'GetItem', { TableName, Key, ConsistentRead: true }))['Item'];
}

/** The key attributes of an item, by the schema of its table. */
export async function keyOf(store: Store, table: string, item: unknown): Promise<Record<string, unknown>> {
  const schema = ((await readTable(store, table))?.['KeySchema'] ?? []) as { AttributeName: string }[];
  const attributes = isObject(item) ? item : {};
  return Object.fromEntries(
    schema.map(({ AttributeName }) => [AttributeName, attributes[AttributeName] ?? null]),
  );
}
