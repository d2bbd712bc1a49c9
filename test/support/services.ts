import {
  type AttributeDefinition,
  CreateTableCommand,
  DynamoDBClient,
  type GlobalSecondaryIndex,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import type { Services, ServicesOptions } from '../../lib/local-cloud/contract.ts';
import { startServices } from '../../lib/local-cloud/services/start.ts';

/** What every SDK client needs to talk to the embedded services. */
export function clientConfig(endpoint: string) {
  return {
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  };
}

/** Fresh services, in memory unless `options.dataDir` is given. */
export async function startTestServices(
  options: ServicesOptions = {},
): Promise<{ endpoint: string; services: Services; close(): Promise<void> }> {
  const services = await startServices(options);
  return { endpoint: services.endpoint, services, close: () => services.close() };
}

/** Creates the tables `Ledger`, `State` and `Content` the way lib/infra does. */
export async function createLedgerTables(endpoint: string): Promise<void> {
  const client = new DynamoDBClient(clientConfig(endpoint));
  await createTable(client, 'Ledger', [
    index('byRequest', 'request_id', 'sk'),
    index('bySubject', 'subject', 'sk'),
    index('byVerdict', 'verdict_day', 'sk'),
  ]);
  await createTable(client, 'State', [index('byDue', 'due_key', 'due_at'), index('byId', 'lookup', 'sk')]);
  await createTable(client, 'Content', []);
  client.destroy();
}

async function createTable(
  client: DynamoDBClient,
  name: string,
  indexes: GlobalSecondaryIndex[],
): Promise<void> {
  await client.send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: keySchema('pk', 'sk'),
      AttributeDefinitions: attributesOf(indexes),
      ...(indexes.length === 0 ? {} : { GlobalSecondaryIndexes: indexes }),
    }),
  );
  await client.send(
    new UpdateTimeToLiveCommand({
      TableName: name,
      TimeToLiveSpecification: { AttributeName: 'expires', Enabled: true },
    }),
  );
}

function index(name: string, pk: string, sk: string): GlobalSecondaryIndex {
  return { IndexName: name, KeySchema: keySchema(pk, sk), Projection: { ProjectionType: 'ALL' } };
}

function keySchema(pk: string, sk: string): NonNullable<GlobalSecondaryIndex['KeySchema']> {
  return [
    { AttributeName: pk, KeyType: 'HASH' },
    { AttributeName: sk, KeyType: 'RANGE' },
  ];
}

function attributesOf(indexes: readonly GlobalSecondaryIndex[]): AttributeDefinition[] {
  const keys = indexes.flatMap((entry) => entry.KeySchema ?? []).map((key) => key.AttributeName ?? '');
  return [...new Set(['pk', 'sk', ...keys])].map((name) => ({ AttributeName: name, AttributeType: 'S' }));
}
