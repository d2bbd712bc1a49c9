import { setTimeout as wait } from 'node:timers/promises';
import { run, type Store } from './engine.ts';

/** Waits until a table is ready (or gone): dynalite finishes table changes a moment after it answered. */
export async function settleTable(store: Store, name: string): Promise<void> {
  for (;;) {
    const table = await readTable(store, name);
    if (!table || table['TableStatus'] === 'ACTIVE') return;
    await wait(2);
  }
}

/** Completes what a kill interrupted: a table half made is made, a table half deleted is deleted. */
export async function finishTables(store: Store): Promise<void> {
  const { TableNames } = (await run(store, 'ListTables', {})) as { TableNames: string[] };
  for (const name of TableNames) {
    const table = await readTable(store, name);
    if (table && table['TableStatus'] !== 'ACTIVE') await finish(store, name, table);
  }
}

async function finish(store: Store, name: string, table: Record<string, unknown>): Promise<void> {
  const deleting = table['TableStatus'] === 'DELETING';
  const indexes = (table['GlobalSecondaryIndexes'] ?? []) as Record<string, unknown>[];
  for (const index of indexes) index['IndexStatus'] = 'ACTIVE';
  await new Promise<void>((resolve, reject) => {
    store.tableDb.put(name, { ...table, TableStatus: 'ACTIVE' }, (error) =>
      error ? reject(error) : resolve(),
    );
  });
  if (!deleting) return;
  await run(store, 'DeleteTable', { TableName: name });
  await settleTable(store, name);
}

/** The description of a table as stored; undefined when there is none. */
export function readTable(store: Store, name: string): Promise<Record<string, unknown> | undefined> {
  return new Promise((resolve) => {
    store.tableDb.get(name, (error, value) => {
      resolve(error ? undefined : (value as Record<string, unknown> | undefined));
    });
  });
}
