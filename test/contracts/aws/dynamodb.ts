import { randomUUID } from 'node:crypto';
import {
  CreateTableCommand,
  DeleteTableCommand,
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  DynamoDBClient,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  BatchWriteCommand,
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  ScanCommand,
  TransactGetCommand,
  TransactWriteCommand,
  type TransactWriteCommandInput,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { clientConfig } from '../../support/services.ts';

type TransactItems = NonNullable<TransactWriteCommandInput['TransactItems']>;

/** What the product relies on of DynamoDB, told through the real SDK clients; `endpoint` is asked when the tests run. */
export function dynamoContract(endpoint: () => string): void {
  const TableName = `t-${randomUUID()}`;
  let plain: DynamoDBClient;
  let client: DynamoDBDocumentClient;
  beforeAll(async () => {
    plain = new DynamoDBClient(clientConfig(endpoint()));
    client = DynamoDBDocumentClient.from(plain);
    await plain.send(
      new CreateTableCommand({
        TableName,
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: [
          { AttributeName: 'pk', KeyType: 'HASH' },
          { AttributeName: 'sk', KeyType: 'RANGE' },
        ],
        AttributeDefinitions: ['pk', 'sk', 'gpk'].map((AttributeName) => ({
          AttributeName,
          AttributeType: 'S',
        })),
        GlobalSecondaryIndexes: [
          {
            IndexName: 'byGroup',
            KeySchema: [
              { AttributeName: 'gpk', KeyType: 'HASH' },
              { AttributeName: 'sk', KeyType: 'RANGE' },
            ],
            Projection: { ProjectionType: 'ALL' },
          },
        ],
        StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
        SSESpecification: { Enabled: true },
        DeletionProtectionEnabled: true,
        Tags: [{ Key: 'app', Value: 'test' }],
      }),
    );
  });
  afterAll(() => plain.destroy());

  const put = (Item: Record<string, unknown>, more: object = {}) =>
    client.send(new PutCommand({ TableName, Item, ...more }));
  const get = async (pk: string, sk = 'a') =>
    (await client.send(new GetCommand({ TableName, Key: { pk, sk }, ConsistentRead: true }))).Item;
  const group = async (gpk: string) => {
    const query = { KeyConditionExpression: 'gpk = :g', ExpressionAttributeValues: { ':g': gpk } };
    return (await client.send(new QueryCommand({ TableName, IndexName: 'byGroup', ...query }))).Items ?? [];
  };
  const transact = (TransactItems: TransactItems, ClientRequestToken?: string) =>
    client.send(
      new TransactWriteCommand({ TransactItems, ...(ClientRequestToken ? { ClientRequestToken } : {}) }),
    );
  const putOnce = (pk: string, more: object = {}) => ({
    Put: { TableName, Item: { pk, sk: 'a', ...more }, ConditionExpression: 'attribute_not_exists(pk)' },
  });
  const count = (pk: string) => ({
    Update: {
      TableName,
      Key: { pk, sk: 'a' },
      UpdateExpression: 'ADD n :one',
      ExpressionAttributeValues: { ':one': 1 },
    },
  });

  describe('DynamoDB', () => {
    test('is ready as soon as a table is created', async () => {
      const { Table } = await plain.send(new DescribeTableCommand({ TableName }));
      expect(Table?.TableStatus).toBe('ACTIVE');
    });

    test('gives back what was put', async () => {
      const item = {
        pk: 'put',
        sk: 'a',
        text: 'ü',
        list: [1, 'b', { c: null }],
        yes: true,
        bytes: Uint8Array.of(1, 2),
      };
      await put(item);
      expect(await get('put')).toEqual(item);
    });

    test('refuses a put whose condition fails', async () => {
      await put({ pk: 'once', sk: 'a', by: 'first' });
      const second = put(
        { pk: 'once', sk: 'a', by: 'second' },
        { ConditionExpression: 'attribute_not_exists(pk)' },
      );
      await expect(second).rejects.toMatchObject({ name: 'ConditionalCheckFailedException' });
      expect(await get('once')).toMatchObject({ by: 'first' });
    });

    test('shows the item that failed a condition when asked to', async () => {
      await put({ pk: 'shown', sk: 'a', by: 'first' });
      const second = client.send(
        new UpdateCommand({
          TableName,
          Key: { pk: 'shown', sk: 'a' },
          UpdateExpression: 'SET n = :n',
          ConditionExpression: 'attribute_not_exists(pk)',
          ExpressionAttributeValues: { ':n': 1 },
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
      );
      await expect(second).rejects.toMatchObject({ Item: { by: { S: 'first' } } });
    });

    test('counts exactly under concurrent updates', async () => {
      const add = () =>
        client.send(new UpdateCommand({ ...count('counter').Update, ReturnValues: 'ALL_NEW' }));
      await Promise.all(Array.from({ length: 25 }, add));
      expect(await get('counter')).toMatchObject({ n: 25 });
    });

    test('keeps a counter under its limit in transactions, to the last unit', async () => {
      const reserve = (call: number) =>
        transact([
          putOnce(`call-${call}`),
          {
            Update: {
              TableName,
              Key: { pk: 'budget', sk: 'a' },
              UpdateExpression: 'SET note = :note ADD used :n',
              ConditionExpression: 'attribute_not_exists(used) OR used <= :room',
              ExpressionAttributeValues: { ':n': 7, ':room': 7 * 5 - 7, ':note': 'x' },
              ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
            },
          },
        ]).then(
          () => undefined,
          (error: { CancellationReasons?: unknown }) => error.CancellationReasons,
        );

      const refused = (await Promise.all([1, 2, 3, 4, 5, 6, 7, 8].map(reserve))).filter(Boolean);

      expect(await get('budget')).toMatchObject({ used: 35 });
      const full = { Code: 'ConditionalCheckFailed', Item: expect.objectContaining({ used: { N: '35' } }) };
      expect(refused).toHaveLength(3);
      for (const reasons of refused) expect(reasons).toMatchObject([{ Code: 'None' }, full]);
      const calls = await Promise.all([1, 2, 3, 4, 5, 6, 7, 8].map((call) => get(`call-${call}`)));
      expect(calls.filter(Boolean)).toHaveLength(5);
    });

    test('adds below zero and back', async () => {
      const add = (n: number) =>
        client.send(
          new UpdateCommand({
            TableName,
            Key: { pk: 'signed', sk: 'a' },
            UpdateExpression: 'ADD n :n',
            ExpressionAttributeValues: { ':n': n },
          }),
        );
      for (const n of [5, -9, 1]) await add(n);
      expect(await get('signed')).toMatchObject({ n: -3 });
    });

    test('takes an element into a set while the set is small enough, and only once', async () => {
      const take = (place: string) =>
        client
          .send(
            new UpdateCommand({
              TableName,
              Key: { pk: 'places', sk: 'a' },
              UpdateExpression: 'ADD places :one',
              ConditionExpression:
                '(attribute_not_exists(places) OR size(places) < :most) AND NOT contains(places, :place)',
              ExpressionAttributeValues: { ':one': new Set([place]), ':most': 2, ':place': place },
            }),
          )
          .then(
            () => true,
            () => false,
          );
      expect([await take('a'), await take('a'), await take('b'), await take('c')]).toEqual([
        true,
        false,
        true,
        false,
      ]);
      const leave = {
        UpdateExpression: 'DELETE places :all',
        ExpressionAttributeValues: { ':all': new Set(['a', 'b']) },
      };
      await client.send(new UpdateCommand({ TableName, Key: { pk: 'places', sk: 'a' }, ...leave }));
      expect(await get('places')).not.toHaveProperty('places');
    });

    test('lets one of two racing conditional writers win', async () => {
      const attempt = (by: string) =>
        put({ pk: 'race', sk: 'a', by }, { ConditionExpression: 'attribute_not_exists(pk)' }).then(
          () => 'won',
          () => 'lost',
        );
      const results = await Promise.all(['x', 'y', 'z'].map(attempt));
      expect(results.sort()).toEqual(['lost', 'lost', 'won']);
    });

    test('deletes an item from its index too', async () => {
      await put({ pk: 'del', sk: 'a', gpk: 'del-group' });
      expect(await group('del-group')).toHaveLength(1);
      await client.send(new DeleteCommand({ TableName, Key: { pk: 'del', sk: 'a' } }));
      expect(await get('del')).toBeUndefined();
      expect(await group('del-group')).toEqual([]);
    });

    test('moves an item within an index when its key there changes', async () => {
      await put({ pk: 'move', sk: 'a', gpk: 'from' });
      await put({ pk: 'move', sk: 'a', gpk: 'to' });
      expect(await group('from')).toEqual([]);
      expect(await group('to')).toHaveLength(1);
    });

    test('pages through a query in order', async () => {
      for (const sk of ['3', '1', '5', '2', '4']) await put({ pk: 'pages', sk, gpk: 'pages-group' });
      const seen: string[] = [];
      let ExclusiveStartKey: Record<string, unknown> | undefined;
      do {
        const page = await client.send(
          new QueryCommand({
            TableName,
            IndexName: 'byGroup',
            KeyConditionExpression: 'gpk = :g AND sk BETWEEN :from AND :to',
            ExpressionAttributeValues: { ':g': 'pages-group', ':from': '2', ':to': '5' },
            ScanIndexForward: false,
            Limit: 2,
            ...(ExclusiveStartKey ? { ExclusiveStartKey } : {}),
          }),
        );
        seen.push(...(page.Items ?? []).map((item) => String(item['sk'])));
        ExclusiveStartKey = page.LastEvaluatedKey;
      } while (ExclusiveStartKey);
      expect(seen).toEqual(['5', '4', '3', '2']);
    });

    test('writes and reads in batches', async () => {
      const keys = ['a', 'b', 'c'].map((sk) => ({ pk: 'batch', sk }));
      const requests = keys.map((Item) => ({ PutRequest: { Item } }));
      await client.send(new BatchWriteCommand({ RequestItems: { [TableName]: requests } }));
      const answer = await client.send(
        new BatchGetCommand({ RequestItems: { [TableName]: { Keys: keys } } }),
      );
      expect(answer.Responses?.[TableName]).toHaveLength(3);
    });

    test('writes all items of a transaction', async () => {
      await transact([putOnce('tx-event', { gpk: 'tx-group' }), count('tx-usage')]);
      expect(await get('tx-usage')).toMatchObject({ n: 1 });
      expect(await group('tx-group')).toHaveLength(1);
    });

    test('writes no item of a transaction of which one condition fails', async () => {
      await transact([putOnce('tx-dup')]);
      const again = transact([
        count('tx-never'),
        putOnce('tx-dup'),
        putOnce('tx-never-2', { gpk: 'tx-never' }),
      ]);
      await expect(again).rejects.toMatchObject({
        name: 'TransactionCanceledException',
        CancellationReasons: [{ Code: 'None' }, { Code: 'ConditionalCheckFailed' }, { Code: 'None' }],
      });
      expect(await get('tx-never')).toBeUndefined();
      expect(await group('tx-never')).toEqual([]);
    });

    test('shows the item behind a cancellation when asked to', async () => {
      await transact([putOnce('tx-shown', { by: 'first' })]);
      const again = transact([
        { Put: { ...putOnce('tx-shown').Put, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' } },
        count('tx-other'),
      ]);
      await expect(again).rejects.toMatchObject({
        CancellationReasons: [
          { Code: 'ConditionalCheckFailed', Item: { by: { S: 'first' } } },
          { Code: 'None' },
        ],
      });
    });

    test('checks a condition in a transaction without writing', async () => {
      const check = (pk: string) => ({
        ConditionCheck: { TableName, Key: { pk, sk: 'a' }, ConditionExpression: 'attribute_not_exists(pk)' },
      });
      await transact([check('tx-phantom'), count('tx-checked')]);
      expect(await get('tx-phantom')).toBeUndefined();
      const failing = transact([check('tx-checked'), count('tx-unwritten')]);
      await expect(failing).rejects.toMatchObject({ name: 'TransactionCanceledException' });
      expect(await get('tx-checked')).toMatchObject({ n: 1 });
      expect(await get('tx-unwritten')).toBeUndefined();
    });

    test('does a transaction once per client token', async () => {
      const token = randomUUID();
      await transact([count('tx-token')], token);
      await transact([count('tx-token')], token);
      expect(await get('tx-token')).toMatchObject({ n: 1 });
    });

    test('refuses a client token that comes back with other items', async () => {
      const token = randomUUID();
      await transact([count('tx-token-a')], token);
      const other = transact([count('tx-token-b')], token);
      await expect(other).rejects.toMatchObject({ name: 'IdempotentParameterMismatchException' });
    });

    test('refuses two operations on one item in a transaction', async () => {
      const twice = transact([count('tx-twice'), putOnce('tx-twice')]);
      await expect(twice).rejects.toThrow('multiple operations on one item');
    });

    test('refuses more than a hundred items in a transaction', async () => {
      const many = Array.from({ length: 101 }, (_, i) => count(`tx-many-${i}`));
      await expect(transact(many)).rejects.toMatchObject({ name: 'ValidationException' });
    });

    test('counts exactly under concurrent transactions', async () => {
      const once = (i: number) =>
        transact([putOnce(`tx-sum-${i % 10}`), count('tx-sum')]).catch(() => undefined);
      await Promise.all(Array.from({ length: 20 }, (_, i) => once(i)));
      expect(await get('tx-sum')).toMatchObject({ n: 10 });
    });

    test('reads items of one transaction together', async () => {
      await transact([putOnce('tx-read-1'), putOnce('tx-read-2')]);
      const keys = ['tx-read-1', 'nowhere', 'tx-read-2'];
      const { Responses } = await client.send(
        new TransactGetCommand({
          TransactItems: keys.map((pk) => ({ Get: { TableName, Key: { pk, sk: 'a' } } })),
        }),
      );
      expect(Responses?.map((response) => response.Item?.['pk'])).toEqual([
        'tx-read-1',
        undefined,
        'tx-read-2',
      ]);
    });

    test('refuses an item over 400 KB', async () => {
      await expect(put({ pk: 'big', sk: 'a', text: 'x'.repeat(410_000) })).rejects.toThrow('size');
    });

    test('refuses a table that does not exist', async () => {
      const reading = client.send(new GetCommand({ TableName: 'nowhere', Key: { pk: 'a', sk: 'a' } }));
      await expect(reading).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    });

    test('forgets an expired item', async () => {
      await plain.send(
        new UpdateTimeToLiveCommand({
          TableName,
          TimeToLiveSpecification: { AttributeName: 'expires', Enabled: true },
        }),
      );
      const { TimeToLiveDescription } = await plain.send(new DescribeTimeToLiveCommand({ TableName }));
      expect(TimeToLiveDescription).toEqual({ TimeToLiveStatus: 'ENABLED', AttributeName: 'expires' });
      const now = Math.floor(Date.now() / 1000);
      await put({ pk: 'ttl', sk: 'old', expires: now - 1 });
      await put({ pk: 'ttl', sk: 'young', expires: now + 3600 });
      await put({ pk: 'ttl', sk: 'ageless' });
      const left = async () => {
        const query = { KeyConditionExpression: 'pk = :p', ExpressionAttributeValues: { ':p': 'ttl' } };
        const { Items } = await client.send(new QueryCommand({ TableName, ...query }));
        return Items?.map((item) => item['sk']);
      };
      for (let i = 0; i < 100 && (await left())?.length === 3; i++)
        await new Promise((r) => setTimeout(r, 50));
      expect(await left()).toEqual(['ageless', 'young']);
    });

    test('answers that point-in-time recovery is on', async () => {
      const answer = await plain.send(new DescribeContinuousBackupsCommand({ TableName }));
      const { PointInTimeRecoveryDescription } = answer.ContinuousBackupsDescription!;
      expect(PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus).toBe('ENABLED');
    });

    test('scans with a filter', async () => {
      await put({ pk: 'scan', sk: 'a', mark: 'x' });
      const { Items } = await client.send(
        new ScanCommand({
          TableName,
          FilterExpression: 'mark = :m',
          ExpressionAttributeValues: { ':m': 'x' },
        }),
      );
      expect(Items).toHaveLength(1);
    });

    test('deletes a table with its items', async () => {
      const name = `gone-${randomUUID()}`;
      const create = new CreateTableCommand({
        TableName: name,
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
        AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      });
      await plain.send(create);
      await client.send(new PutCommand({ TableName: name, Item: { pk: 'a' } }));
      await plain.send(new DeleteTableCommand({ TableName: name }));
      await plain.send(create);
      expect((await client.send(new ScanCommand({ TableName: name }))).Count).toBe(0);
    });
  });
}
