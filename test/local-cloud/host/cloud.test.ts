import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DescribeTableCommand, DescribeTimeToLiveCommand } from '@aws-sdk/client-dynamodb';
import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { DescribeStateMachineCommand } from '@aws-sdk/client-sfn';
import { GetQueueAttributesCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { openCloud } from '../../../lib/local-cloud/cloud.ts';
import type { Cloud } from '../../../lib/local-cloud/cloud-types.ts';
import { writeAssembly } from '../../support/assembly.ts';

const folder = mkdtempSync(join(tmpdir(), 'kt-cloud-'));
const assembly = join(folder, 'cdk.out');
const output: string[] = [];
let open: Cloud[] = [];

beforeAll(() => writeAssembly(assembly, 'test'));
afterEach(async () => {
  for (const cloud of open) await cloud.close();
  open = [];
});
afterAll(() => rmSync(folder, { recursive: true }));

async function start(dataDir?: string): Promise<Cloud> {
  const cloud = await openCloud({
    assembly,
    environment: 'test',
    host: '127.0.0.1',
    port: () => 0,
    size: () => ({ max: 1, warm: 0, idleMs: 5000 }),
    variables: (fn) => (fn.component === 'gateway' ? { OPENAI_BASE_URL: 'http://127.0.0.1:9/v1' } : {}),
    onOutput: (name, line) => output.push(`${name}: ${line}`),
    onFailure: (line) => output.push(line),
    ...(dataDir && { dataDir }),
  });
  open.push(cloud);
  return cloud;
}

function nameOf(cloud: Cloud, start: string): string {
  return cloud.functions.find(({ name }) => name === `kt-test-app-${start}`)?.name ?? '';
}

async function environmentOf(cloud: Cloud, fn: string): Promise<Record<string, string>> {
  return (await (await fetch(cloud.urls.get(nameOf(cloud, fn)) ?? '')).json()) as Record<string, string>;
}

test('a function sees its variables, the embedded services and nothing of the machine that it must not', async () => {
  process.env['OPENAI_API_KEY'] = 'sk-of-the-developer';
  const cloud = await start();
  const variables = await environmentOf(cloud, 'Gateway');
  delete process.env['OPENAI_API_KEY'];

  expect(variables).toMatchObject({
    STATE_TABLE: 'kt-test-data-State',
    AWS_ENDPOINT_URL: cloud.place.endpoint,
    AWS_REGION: 'eu-central-1',
    AWS_LAMBDA_FUNCTION_NAME: 'kt-test-app-Gateway',
    REVIEW_MACHINE_ARN: 'arn:aws:states:eu-central-1:000000000000:stateMachine:kt-test-app-Machine',
    EVENT_BUS: 'kt-test',
    EVENT_BUS_ARN: 'arn:aws:events:eu-central-1:000000000000:event-bus/kt-test',
    CONSOLE_URL: `${cloud.urls.get('kt-test-app-Console')}/`,
    OPENAI_BASE_URL: 'http://127.0.0.1:9/v1',
  });
  expect(JSON.parse(variables['SECRET_ARNS'] ?? '')['OPENAI_API_KEY']).toMatch(
    /^arn:aws:secretsmanager:eu-central-1:000000000000:secret:kt\/test\/OPENAI_API_KEY-\w{6}$/,
  );
  expect(variables).not.toHaveProperty('OPENAI_API_KEY');
  expect(variables).not.toHaveProperty('HOME');
});

test('tables have their keys, indexes and time to live', async () => {
  const { clients } = await start();
  const TableName = 'kt-test-data-State';
  const { Table } = await clients.dynamo.send(new DescribeTableCommand({ TableName }));
  const { TimeToLiveDescription } = await clients.dynamo.send(new DescribeTimeToLiveCommand({ TableName }));

  expect(Table?.GlobalSecondaryIndexes?.map(({ IndexName }) => IndexName).sort()).toEqual(['byDue', 'byId']);
  expect(TimeToLiveDescription?.AttributeName).toBe('expires');
});

test('a queue points to its dead letter queue', async () => {
  const cloud = await start();
  const { EVENT_QUEUE_URL = '' } = await environmentOf(cloud, 'Gateway');
  const { Attributes } = await cloud.clients.sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: EVENT_QUEUE_URL, AttributeNames: ['All'] }),
  );

  expect(Attributes).toMatchObject({ VisibilityTimeout: '2' });
  expect(JSON.parse(Attributes?.['RedrivePolicy'] ?? '')).toEqual({
    deadLetterTargetArn: 'arn:aws:sqs:eu-central-1:000000000000:kt-test-app-Dead',
    maxReceiveCount: 2,
  });
});

test('a state machine names the functions that the template substitutes', async () => {
  const { clients } = await start();
  const { definition } = await clients.sfn.send(
    new DescribeStateMachineCommand({
      stateMachineArn: 'arn:aws:states:eu-central-1:000000000000:stateMachine:kt-test-app-Machine',
    }),
  );

  expect(definition).toContain('arn:aws:lambda:eu-central-1:000000000000:function:kt-test-app-Recorder');
});

test('a message in the queue reaches the function of its mapping', async () => {
  const cloud = await start();
  const { EVENT_QUEUE_URL } = await environmentOf(cloud, 'Gateway');
  await cloud.clients.sqs.send(new SendMessageCommand({ QueueUrl: EVENT_QUEUE_URL, MessageBody: 'm1' }));
  while (!output.includes('kt-test-app-Recorder: recorder saw m1')) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
});

test('recycled functions see new variables', async () => {
  const cloud = await start();
  const before = await environmentOf(cloud, 'Gateway');
  cloud.recycle({ DEPLOYMENT_FILE: '/new.json' });
  const after = await environmentOf(cloud, 'Gateway');

  expect(before['DEPLOYMENT_FILE']).toBeUndefined();
  expect(after).toMatchObject({ DEPLOYMENT_FILE: '/new.json', OPENAI_BASE_URL: 'http://127.0.0.1:9/v1' });
});

test('the summary says what is there, the list what is not', async () => {
  const { summary, skipped } = await start();

  expect(summary).toBe('1 table, 2 queues, 2 secrets, 1 event bus, 1 state machine, 4 functions');
  expect(skipped).toEqual(['KMS::Key', 'IAM::Role']);
});

test('a restart finds everything again, generated secrets too', async () => {
  const dataDir = join(folder, 'data');
  const secretOf = async (cloud: Cloud) => {
    const { TENANT_KEY_ARN } = await environmentOf(cloud, 'Gateway');
    const { SecretString } = await cloud.clients.secrets.send(
      new GetSecretValueCommand({ SecretId: TENANT_KEY_ARN }),
    );
    return SecretString;
  };
  const first = await start(dataDir);
  const secret = await secretOf(first);
  await first.close();
  const second = await start(dataDir);

  expect(secret).toMatch(/^[A-Za-z0-9]{64}$/);
  expect(await secretOf(second)).toBe(secret);
});

test('a table that was made in another form is told, never changed', async () => {
  const dataDir = join(folder, 'old');
  await (await start(dataDir)).close();
  open = [];
  const file = join(assembly, 'kt-test-data.template.json');
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, text.replaceAll('byDue', 'byDate'));

  await expect(start(dataDir)).rejects.toThrow(/^table kt-test-data-State was made with other keys.*--fresh/);
  writeFileSync(file, text);
});

test('an assembly without the environment says so', async () => {
  await expect(
    openCloud({
      assembly,
      environment: 'moon',
      host: '127.0.0.1',
      port: () => 0,
      size: () => ({ max: 1, warm: 0, idleMs: 0 }),
      variables: () => ({}),
      onOutput: () => {},
      onFailure: () => {},
    }),
  ).rejects.toThrow('holds no stack kt-moon-…: synthesize it first');
});
