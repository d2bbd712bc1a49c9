import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DescribeTableCommand,
  type DynamoDBClient,
  type GlobalSecondaryIndex,
  ResourceNotFoundException,
  type TableDescription,
  UpdateTimeToLiveCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import type { Place } from '../aws-clients.ts';
import { StartError } from '../start-error.ts';
import { type Declared, declared } from '../template/declared.ts';
import { physicalName, type Registry } from '../template/names.ts';

export const TABLE_TYPES = ['AWS::DynamoDB::GlobalTable', 'AWS::DynamoDB::Table'] as const;

interface IndexShape {
  readonly IndexName: string;
  readonly KeySchema: GlobalSecondaryIndex['KeySchema'];
  readonly Projection: GlobalSecondaryIndex['Projection'];
}

/** Creates the tables that do not exist; one that exists in another form is an error, never altered. */
export async function createTables(
  registry: Registry,
  dynamo: DynamoDBClient,
  place: Place,
): Promise<number> {
  const tables = declared(registry, ...TABLE_TYPES);
  for (const table of tables) {
    const input = tableInput(table);
    const existing = await describe(dynamo, input.TableName ?? '');
    if (existing) compare(input, existing);
    else await create(dynamo, input, table);
    const arn = `arn:aws:dynamodb:${place.region}:${place.account}:table/${input.TableName}`;
    registry.set(table.stack, table.logicalId, {
      ref: input.TableName ?? '',
      attributes: { Arn: arn, StreamArn: `${arn}/stream/local` },
    });
  }
  return tables.length;
}

function tableInput({ stack, logicalId, property }: Declared): CreateTableCommandInput {
  const indexes = (property('GlobalSecondaryIndexes') ?? []) as IndexShape[];
  return {
    TableName: String(property('TableName') ?? physicalName(stack, logicalId, 255)),
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: property('KeySchema') as CreateTableCommandInput['KeySchema'],
    AttributeDefinitions: property('AttributeDefinitions') as CreateTableCommandInput['AttributeDefinitions'],
    ...(indexes.length > 0 && {
      GlobalSecondaryIndexes: indexes.map(({ IndexName, KeySchema, Projection }) => ({
        IndexName,
        KeySchema,
        Projection,
      })),
    }),
  };
}

async function create(
  dynamo: DynamoDBClient,
  input: CreateTableCommandInput,
  { property }: Declared,
): Promise<void> {
  await dynamo.send(new CreateTableCommand(input));
  const { TableName } = input;
  await waitUntilTableExists({ client: dynamo, maxWaitTime: 20, minDelay: 0.05, maxDelay: 1 }, { TableName });

  const ttl = property('TimeToLiveSpecification') as
    | { AttributeName?: string; Enabled?: boolean }
    | undefined;
  if (!ttl?.Enabled || !ttl.AttributeName) return;
  const TimeToLiveSpecification = { AttributeName: ttl.AttributeName, Enabled: true };
  await dynamo.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification }));
}

async function describe(dynamo: DynamoDBClient, TableName: string): Promise<TableDescription | undefined> {
  try {
    return (await dynamo.send(new DescribeTableCommand({ TableName }))).Table;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}

function compare(input: CreateTableCommandInput, existing: TableDescription): void {
  if (shapeOf(input) === shapeOf(existing)) return;
  throw new StartError(
    `table ${input.TableName} was made with other keys or indexes than the stack has now: start with --fresh (it deletes the local state)`,
  );
}

function shapeOf(table: CreateTableCommandInput | TableDescription): string {
  const keysOf = (schema: CreateTableCommandInput['KeySchema']) =>
    schema?.map(({ AttributeName, KeyType }) => `${KeyType} ${AttributeName}`).sort();
  const indexes =
    table.GlobalSecondaryIndexes?.map((index) => [index.IndexName, keysOf(index.KeySchema)]) ?? [];
  return JSON.stringify([keysOf(table.KeySchema), indexes.map((index) => JSON.stringify(index)).sort()]);
}
