import { join, resolve } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Command } from 'commander';
import { dynamoKeyAdmin } from '#aws/dynamo-key-admin.ts';
import type { KeyAdmin } from '#core/ports.ts';
import { fileKeyRing } from '#local/file-key-ring.ts';
import { CliError, EXIT, systemCode } from './cli-error.ts';
import { consoleClient } from './console-client.ts';
import { awsOperator, localOperator } from './operator.ts';
import { modelsHere } from './pack-models.ts';
import { type RunningStack, runningStack, STATE_FOLDER } from './stack-file.ts';
import { openRecord } from './standalone-record.ts';
import { standaloneOrigin, statePaths } from './standalone-state.ts';
import type { Terminal } from './terminal.ts';
import { errLog } from './terminal-log.ts';

export interface KeyStoreOptions {
  readonly state?: string;
  readonly table?: string;
}

/** Where keys are kept, and who changes them there. */
export interface KeyStore {
  /** Acts go into the journal, or to the sweeper of a deployment, who sends them to the ledger within a minute. */
  readonly admin: KeyAdmin;
  /** For messages. */
  readonly place: string;
  /** Who acts: an AWS identity where a deployment is changed, else the user of this machine. */
  operator(): Promise<string>;
  /** Names of the models of the pack in force there; undefined when that is not known here. */
  models(): Promise<readonly string[] | undefined>;
  /** When a change takes effect, for messages. */
  readonly takesEffect: 'at once' | 'within a minute';
  close(): Promise<void>;
}

export function addKeyStoreOptions(command: Command): Command {
  return command
    .option('--table <name>', 'State table of a deployed environment, with your AWS credentials')
    .option('--state <folder>', 'state folder of kt gateway run (default: the running stack, else .kt)');
}

/** Runs `work` on the named store; else on the stack that runs in this folder; else on `.kt/keys.json`. */
export async function withKeyStore<T>(
  options: KeyStoreOptions,
  terminal: Terminal,
  work: (store: KeyStore) => Promise<T>,
): Promise<T> {
  const store = await openStore(options, terminal);
  try {
    return await work(store);
  } catch (error) {
    throw unreachable(store, error);
  } finally {
    await store.close();
  }
}

async function openStore({ table, state }: KeyStoreOptions, terminal: Terminal): Promise<KeyStore> {
  if (table !== undefined)
    return tableStore(table, new DynamoDBClient({}), {
      operator: () => awsOperator(terminal),
      models: async () => undefined,
    });
  if (state !== undefined) return fileStore(resolve(terminal.cwd, state), terminal);
  const stack = await runningStack(terminal);
  if (stack) return stackStore(stack, terminal);
  return fileStore(join(terminal.cwd, STATE_FOLDER), terminal);
}

async function fileStore(folder: string, terminal: Terminal): Promise<KeyStore> {
  const log = errLog(terminal);
  const { record, close } = await openRecord(folder, await standaloneOrigin(folder, terminal.version), log);
  const { keys, keyUses: uses } = statePaths(folder);
  return {
    admin: fileKeyRing(keys, { keep: record, uses }),
    place: keys,
    operator: () => localOperator(terminal),
    models: () => modelsHere(terminal),
    takesEffect: 'at once',
    close,
  };
}

/** The embedded cloud takes any credentials. */
function stackStore(stack: RunningStack, terminal: Terminal): KeyStore {
  const { awsEndpoint, region, stateTable, consoleUrl: url, viewerToken: token } = stack;
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new DynamoDBClient({ endpoint: awsEndpoint, region, credentials, maxAttempts: 2 });
  return tableStore(stateTable, client, {
    operator: () => localOperator(terminal),
    models: () => consoleClient({ url, token }).models(),
  });
}

function tableStore(
  table: string,
  client: DynamoDBClient,
  knows: Pick<KeyStore, 'operator' | 'models'>,
): KeyStore {
  const documents = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
  return {
    admin: dynamoKeyAdmin({ table, client: documents }),
    place: `table ${table}`,
    ...knows,
    takesEffect: 'within a minute',
    close: async () => client.destroy(),
  };
}

/** What the AWS SDK throws is no bug of ours: the table, the credentials or the network. */
function unreachable({ place }: KeyStore, error: unknown): unknown {
  const isAws = error instanceof Error && ('$metadata' in error || systemCode(error) !== undefined);
  if (!isAws || error instanceof CliError) return error;
  const message = `Cannot use ${place} (${error.name}). Check its name, your AWS credentials and region.`;
  return new CliError(message, { exitCode: EXIT.unreachable, cause: error });
}
