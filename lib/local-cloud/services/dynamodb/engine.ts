import { createRequire } from 'node:module';
import { AwsError, invalid } from '../aws-error.ts';

/**
 * The parts of dynalite 4.0.0 we run: its store, its validations and its actions, called as functions instead of through its
 * HTTP server. That gives us what its server cannot: an action can run against a buffered store, so a transaction (or an item
 * with its index rows) becomes one atomic LevelDB batch. The version is pinned; test/contracts/aws/dynamodb.ts is the alarm.
 */
export interface SubStore {
  lock(key: string, run: (release: <F>(callback: F) => F) => void): void;
  get(key: string, callback: Callback): void;
  put(key: string, value: unknown, callback: Callback): void;
  del(key: string, callback: Callback): void;
}

export interface Store {
  readonly options: { maxItemSize: number };
  readonly db: {
    open(): Promise<void>;
    close(): Promise<void>;
    batch(writes: readonly Write[]): Promise<void>;
  };
  readonly tableDb: SubStore & { awsAccountId: string; awsRegion: string };
  getItemDb(table: string): SubStore;
  getIndexDb(kind: string, table: string, index: string): SubStore;
}

export type Write =
  | { readonly type: 'put'; readonly key: string; readonly value: unknown }
  | { readonly type: 'del'; readonly key: string };

type Callback = (error: unknown, value?: unknown) => void;
type Action = (store: Store, input: unknown, callback: Callback) => void;

interface Rules {
  readonly types: object;
  readonly custom?: unknown;
}

const require = createRequire(import.meta.url);

const { create } = require('dynalite/db/index.js') as { create(options: object): Store };
const { checkTypes, checkValidations } = require('dynalite/validations/index.js') as {
  checkTypes(input: unknown, types: object): unknown;
  checkValidations(input: unknown, types: object, custom: unknown, store: Store): void;
};

/** The operations dynalite implements itself. */
export const ACTIONS = [
  ...['CreateTable', 'DeleteTable', 'UpdateTable', 'DescribeTable', 'ListTables'],
  ...['PutItem', 'UpdateItem', 'DeleteItem', 'GetItem', 'Query', 'Scan', 'BatchGetItem', 'BatchWriteItem'],
  ...['TagResource', 'UntagResource', 'ListTagsOfResource'],
];

const actions = new Map(
  ACTIONS.map((name) => {
    const file = name.charAt(0).toLowerCase() + name.slice(1);
    const run = require(`dynalite/actions/${file}.js`) as Action;
    const rules = require(`dynalite/validations/${file}.js`) as Rules;
    return [name, { run, rules }] as const;
  }),
);

/** Opens the store; `folder` undefined = in memory. */
export async function openStore(folder: string | undefined, region: string, account: string): Promise<Store> {
  const times = { createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 };
  const store = create(folder === undefined ? times : { ...times, path: folder });
  await store.db.open().catch((error: unknown) => {
    throw new Error(`${folder} cannot be opened: is another \`npm start\` using it?`, { cause: error });
  });
  store.tableDb.awsRegion = region;
  store.tableDb.awsAccountId = account;
  return store;
}

/** Checks the input as DynamoDB would before it looks at any item. Works on a copy. */
export function checkInput(store: Store, action: string, input: unknown): unknown {
  const { rules } = find(action);
  if (typeof input !== 'object' || input === null || Array.isArray(input))
    throw invalid('the input is no object');
  try {
    const checked = checkTypes(structuredClone(input), rules.types);
    checkValidations(checked, rules.types, rules.custom, store);
    return checked;
  } catch (error) {
    throw awsError(error);
  }
}

/** Runs an action on checked input. */
export function runChecked(store: Store, action: string, checked: unknown): Promise<Record<string, unknown>> {
  return new Promise((resolve, reject) => {
    find(action).run(store, checked, (error, answer) => {
      if (error) reject(awsError(error));
      else resolve((answer ?? {}) as Record<string, unknown>);
    });
  });
}

/** Checks and runs an action. */
export function run(store: Store, action: string, input: unknown): Promise<Record<string, unknown>> {
  return Promise.resolve().then(() => runChecked(store, action, checkInput(store, action, input)));
}

function find(action: string): { run: Action; rules: Rules } {
  const found = actions.get(action);
  if (!found) throw new AwsError('UnknownOperationException', `dynalite has no ${action}`);
  return found;
}

/** dynalite's errors carry status and body; everything else is a fault of the stand-in. */
function awsError(error: unknown): unknown {
  const { statusCode, body } = error as { statusCode?: number; body?: Record<string, string> };
  if (statusCode === undefined || body === undefined) return error;
  const code = (body['__type'] ?? 'InternalFailure').split('#').at(-1) ?? 'InternalFailure';
  return new AwsError(code, body['message'] ?? body['Message'] ?? '', { status: statusCode });
}
