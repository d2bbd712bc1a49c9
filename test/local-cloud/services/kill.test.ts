import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  CreateSecretCommand,
  GetSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import {
  DynamoDBDocumentClient,
  GetCommand,
  QueryCommand,
  ScanCommand,
  TransactWriteCommand,
} from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { clientConfig, createLedgerTables } from '../../support/services.ts';

const CHILD = resolve(process.cwd(), 'test/support/services-child.ts');

interface Stack {
  readonly endpoint: string;
  readonly process: ChildProcess;
  /** The payload of the next function call. */
  invoked(): Promise<Record<string, unknown>>;
}

let dataDir: string;
let stacks: Stack[] = [];
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'kt-kill-'));
});
afterEach(async () => {
  for (const stack of stacks) await kill(stack);
  stacks = [];
  rmSync(dataDir, { recursive: true, force: true });
});

async function boot(): Promise<Stack> {
  const child = spawn(process.execPath, ['--no-warnings', CHILD, dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const calls: Record<string, unknown>[] = [];
  let announce: (endpoint: string) => void = () => {};
  const endpoint = new Promise<string>((found) => {
    announce = found;
  });
  createInterface({ input: child.stdout }).on('line', (line) => {
    const [word = '', rest = ''] = line.split(/ (.*)/s);
    if (word === 'endpoint') announce(rest);
    else calls.push(JSON.parse(rest));
  });
  const invoked = async () => {
    for (let i = 0; i < 200 && calls.length === 0; i++) await new Promise((r) => setTimeout(r, 25));
    const call = calls.shift();
    if (!call) throw new Error('no function was called');
    return call;
  };
  const stack = { endpoint: await endpoint, process: child, invoked };
  stacks.push(stack);
  return stack;
}

async function kill({ process: child }: Stack): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
}

test('every acknowledged message is there after kill -9', async () => {
  const first = await boot();
  const client = new SQSClient(clientConfig(first.endpoint));
  const { QueueUrl } = await client.send(new CreateQueueCommand({ QueueName: 'events' }));
  const acknowledged: string[] = [];
  const sending = Array.from({ length: 200 }, async (_, i) => {
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody: `event ${i}` }));
    acknowledged.push(`event ${i}`);
    if (acknowledged.length === 100) await kill(first);
  });
  await Promise.allSettled(sending);
  expect(acknowledged.length).toBeGreaterThanOrEqual(100);

  const again = new SQSClient(clientConfig((await boot()).endpoint));
  const { QueueUrl: url } = await again.send(new GetQueueUrlCommand({ QueueName: 'events' }));
  const found = new Set<string>();
  for (;;) {
    const input = { QueueUrl: url, MaxNumberOfMessages: 10 };
    const { Messages = [] } = await again.send(new ReceiveMessageCommand(input));
    if (Messages.length === 0) break;
    for (const { Body = '' } of Messages) found.add(Body);
  }
  expect(acknowledged.filter((body) => !found.has(body))).toEqual([]);
});

test('a message leased by a consumer that died with the stack can be received at once', async () => {
  const first = await boot();
  const client = new SQSClient(clientConfig(first.endpoint));
  const { QueueUrl } = await client.send(new CreateQueueCommand({ QueueName: 'leases' }));
  for (const MessageBody of ['deleted', 'leased']) {
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody }));
  }
  const one = await client.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 1 }));
  await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: one.Messages![0]!.ReceiptHandle }));
  await client.send(new ReceiveMessageCommand({ QueueUrl }));
  await kill(first);

  const again = new SQSClient(clientConfig((await boot()).endpoint));
  const { QueueUrl: url } = await again.send(new GetQueueUrlCommand({ QueueName: 'leases' }));
  const input = { QueueUrl: url, MaxNumberOfMessages: 10, MessageSystemAttributeNames: ['All' as const] };
  const { Messages } = await again.send(new ReceiveMessageCommand(input));
  expect(Messages?.map(({ Body, Attributes }) => [Body, Attributes?.['ApproximateReceiveCount']])).toEqual([
    ['leased', '2'],
  ]);
});

test('transactions are whole after kill -9', async () => {
  const first = await boot();
  await createLedgerTables(first.endpoint);
  const client = DynamoDBDocumentClient.from(new DynamoDBClient(clientConfig(first.endpoint)));
  let acknowledged = 0;
  const append = async (i: number) => {
    await client.send(
      new TransactWriteCommand({
        TransactItems: [
          { Put: { TableName: 'Ledger', Item: { pk: `event-${i}`, sk: 'v0', request_id: 'r' } } },
          {
            Update: {
              TableName: 'State',
              Key: { pk: 'usage', sk: 'day' },
              UpdateExpression: 'ADD calls :one',
              ExpressionAttributeValues: { ':one': 1 },
            },
          },
        ],
      }),
    );
    acknowledged += 1;
    // A moment later, so that the next transaction is under way.
    if (acknowledged === 60) setTimeout(() => void kill(first), 5);
  };
  await Promise.allSettled(Array.from({ length: 400 }, (_, i) => append(i)));
  expect(acknowledged).toBeGreaterThanOrEqual(60);

  const again = DynamoDBDocumentClient.from(new DynamoDBClient(clientConfig((await boot()).endpoint)));
  const events = (await again.send(new ScanCommand({ TableName: 'Ledger' }))).Count;
  const byRequest = { KeyConditionExpression: 'request_id = :r', ExpressionAttributeValues: { ':r': 'r' } };
  const indexed = await again.send(
    new QueryCommand({ TableName: 'Ledger', IndexName: 'byRequest', ...byRequest }),
  );
  const usage = await again.send(new GetCommand({ TableName: 'State', Key: { pk: 'usage', sk: 'day' } }));
  expect(events).toBeGreaterThanOrEqual(acknowledged);
  expect({ indexed: indexed.Count, calls: usage.Item?.['calls'] }).toEqual({
    indexed: events,
    calls: events,
  });
});

test('a secret is there after kill -9', async () => {
  const first = await boot();
  const created = await new SecretsManagerClient(clientConfig(first.endpoint)).send(
    new CreateSecretCommand({ Name: 'kt/dev/KEY', SecretString: 'v' }),
  );
  await kill(first);
  const again = new SecretsManagerClient(clientConfig((await boot()).endpoint));
  const value = await again.send(new GetSecretValueCommand({ SecretId: 'kt/dev/KEY' }));
  expect([value.ARN, value.SecretString]).toEqual([created.ARN, 'v']);
});

const definition = JSON.stringify({
  QueryLanguage: 'JSONata',
  StartAt: 'Ask',
  States: {
    Ask: {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
      Arguments: { FunctionName: 'open', Payload: { token: '{% $states.context.Task.Token %}' } },
      TimeoutSeconds: '{% $states.input.timeout_seconds %}',
      Next: 'Settle',
    },
    Settle: {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke',
      Arguments: { FunctionName: 'settle', Payload: { settled: '{% $states.input.state %}' } },
      End: true,
    },
  },
});

async function startReview(timeoutSeconds: number) {
  const stack = await boot();
  const client = new SFNClient(clientConfig(stack.endpoint));
  const { stateMachineArn } = await client.send(
    new CreateStateMachineCommand({
      name: 'review',
      definition,
      roleArn: 'arn:aws:iam::000000000000:role/r',
    }),
  );
  const input = JSON.stringify({ timeout_seconds: timeoutSeconds });
  const { executionArn } = await client.send(new StartExecutionCommand({ stateMachineArn, input }));
  const taskToken = String((await stack.invoked())['token']);
  await new Promise((r) => setTimeout(r, 100));
  await kill(stack);
  return { executionArn, taskToken };
}

async function finished(client: SFNClient, executionArn: string | undefined) {
  for (let i = 0; i < 200; i++) {
    const execution = await client.send(new DescribeExecutionCommand({ executionArn }));
    if (execution.status !== 'RUNNING') return execution;
    await new Promise((r) => setTimeout(r, 25));
  }
  throw new Error('the execution did not end');
}

test('an execution that waits for a person goes on after kill -9', async () => {
  const { executionArn, taskToken } = await startReview(60);
  const stack = await boot();
  const client = new SFNClient(clientConfig(stack.endpoint));
  await client.send(new SendTaskSuccessCommand({ taskToken, output: '{"state":"approved"}' }));
  // The waiting task is not called a second time: the first call of this process settles the case.
  expect(await stack.invoked()).toEqual({ settled: 'approved' });
  expect((await finished(client, executionArn)).status).toBe('SUCCEEDED');
});

test('a timeout counts from its recorded start, not from the restart', async () => {
  const { executionArn, taskToken } = await startReview(2);
  await new Promise((r) => setTimeout(r, 2_000));
  const stack = await boot();
  const client = new SFNClient(clientConfig(stack.endpoint));
  const booted = Date.now();
  expect(await finished(client, executionArn)).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
  expect(Date.now() - booted).toBeLessThan(1_500);
  const late = client.send(new SendTaskSuccessCommand({ taskToken, output: '1' }));
  await expect(late).rejects.toMatchObject({ name: 'TaskTimedOut' });
});
