import { join } from 'node:path';
import * as z from 'zod';
import { openDurableMap } from '../durable-map.ts';
import { exclusive } from '../exclusive.ts';
import { type Operation, operation, type Service } from '../operation.ts';
import { ACTIONS, openStore, run, type Store } from './engine.ts';
import { finishTables, settleTable } from './tables.ts';
import { describeTimeToLive, sweepExpired, type TimeToLive } from './time-to-live.ts';
import { RequestTokens, TransactGet, TransactWrite, transactGet, transactWrite } from './transactions.ts';
import { writeAtomically } from './writes.ts';

export interface DynamoOptions {
  /** Folder of the tables; undefined = in memory. */
  readonly dataDir: string | undefined;
  readonly region: string;
  readonly account: string;
  /** Milliseconds between two sweeps for expired items. */
  readonly sweepMs: number;
}

const WRITES = ['PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem'];
const TABLE_CHANGES = ['CreateTable', 'DeleteTable', 'UpdateTable'];
const tableOnly = z.object({ TableName: z.string() });

/** DynamoDB: dynalite, with the transactions, time to live and crash safety it lacks. */
export async function dynamoService(options: DynamoOptions): Promise<Service> {
  const folder = options.dataDir === undefined ? undefined : join(options.dataDir, 'dynamodb');
  const store = await openStore(folder, options.region, options.account);
  await finishTables(store);
  const settings: TimeToLive = await openDurableMap({
    file: options.dataDir === undefined ? undefined : join(options.dataDir, 'dynamodb-ttl.jsonl'),
  });
  const exclusively = exclusive();
  const stopSweeping = sweepRegularly(options.sweepMs, (stopped) =>
    sweepExpired(store, settings, exclusively, stopped),
  );
  return {
    target: 'DynamoDB_20120810',
    operations: {
      ...reads(store),
      ...Object.fromEntries(
        WRITES.map((name) => [name, (input) => exclusively(() => writeAtomically(store, name, input))]),
      ),
      ...Object.fromEntries(
        TABLE_CHANGES.map((name) => [
          name,
          (input) => exclusively(() => changeTable(store, settings, name, input)),
        ]),
      ),
      ...transactions(store, exclusively),
      ...timeToLive(store, settings),
      ...backups(store),
    },
    async close() {
      await stopSweeping();
      await exclusively(() => store.db.close());
      await settings.close();
    },
  };
}

function reads(store: Store): Record<string, Operation> {
  const names = ACTIONS.filter((name) => !WRITES.includes(name) && !TABLE_CHANGES.includes(name));
  return Object.fromEntries(names.map((name) => [name, (input) => run(store, name, input)]));
}

async function changeTable(
  store: Store,
  settings: TimeToLive,
  name: string,
  input: unknown,
): Promise<unknown> {
  const answer = await run(store, name, input);
  const { TableName } = tableOnly.parse(input);
  await settleTable(store, TableName);
  if (name === 'DeleteTable') await settings.put([[TableName, undefined]]);
  return answer;
}

function transactions(store: Store, exclusively: ReturnType<typeof exclusive>): Record<string, Operation> {
  const tokens = new RequestTokens();
  return {
    TransactWriteItems: operation(TransactWrite, (input) =>
      exclusively(() => transactWrite(store, input, tokens)),
    ),
    TransactGetItems: operation(TransactGet, (input) => exclusively(() => transactGet(store, input))),
  };
}

function timeToLive(store: Store, settings: TimeToLive): Record<string, Operation> {
  const Update = z.object({
    TableName: z.string(),
    TimeToLiveSpecification: z.object({ AttributeName: z.string().min(1).max(255), Enabled: z.boolean() }),
  });
  return {
    UpdateTimeToLive: operation(Update, async ({ TableName, TimeToLiveSpecification }) => {
      await run(store, 'DescribeTable', { TableName });
      const { AttributeName, Enabled } = TimeToLiveSpecification;
      await settings.put([[TableName, { attribute: AttributeName, enabled: Enabled }]]);
      return { TimeToLiveSpecification };
    }),
    DescribeTimeToLive: operation(tableOnly, async ({ TableName }) => {
      await run(store, 'DescribeTable', { TableName });
      return describeTimeToLive(settings, TableName);
    }),
  };
}

/** Point-in-time recovery is always on: there is nothing to switch in a laptop's folder. */
function backups(store: Store): Record<string, Operation> {
  const answer = operation(tableOnly, async ({ TableName }) => {
    await run(store, 'DescribeTable', { TableName });
    const PointInTimeRecoveryDescription = { PointInTimeRecoveryStatus: 'ENABLED' };
    return {
      ContinuousBackupsDescription: { ContinuousBackupsStatus: 'ENABLED', PointInTimeRecoveryDescription },
    };
  });
  return { UpdateContinuousBackups: answer, DescribeContinuousBackups: answer };
}

/** Sweeps again and again, but spends at most a fiftieth of the time on it. */
function sweepRegularly(
  everyMs: number,
  sweep: (stopped: () => boolean) => Promise<number>,
): () => Promise<void> {
  let stopped = false;
  let running: Promise<unknown> = Promise.resolve();
  let timer = setTimeout(tick, everyMs).unref();
  function tick(): void {
    const start = Date.now();
    running = sweep(() => stopped)
      .catch(() => 0)
      .then(() => {
        if (!stopped) timer = setTimeout(tick, Math.max(everyMs, 50 * (Date.now() - start))).unref();
      });
  }
  return async () => {
    stopped = true;
    clearTimeout(timer);
    await running;
  };
}
