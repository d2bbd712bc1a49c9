import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { InvokeResult, Services } from '../../../lib/local-cloud/contract.ts';
import { failedIds, openEventSource } from '../../../lib/local-cloud/lambda/event-source.ts';
import { functionNameOf } from '../../../lib/local-cloud/lambda/invoker.ts';
import { openSchedule, rateMs } from '../../../lib/local-cloud/lambda/schedule.ts';
import { startServices } from '../../../lib/local-cloud/services/start.ts';

interface Batch {
  Records: { messageId: string; body: string; eventSource: string; attributes: Record<string, string> }[];
}

let services: Services;
let sqs: SQSClient;

beforeAll(async () => {
  services = await startServices({});
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  sqs = new SQSClient({ endpoint: services.endpoint, region: 'us-east-1', credentials });
});
afterAll(async () => {
  sqs.destroy();
  await services.close();
});

async function queueOf(name: string): Promise<string> {
  const { QueueUrl = '' } = await sqs.send(
    new CreateQueueCommand({ QueueName: name, Attributes: { VisibilityTimeout: '1' } }),
  );
  return QueueUrl;
}

async function left(QueueUrl: string): Promise<number> {
  const AttributeNames = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...AttributeNames] }),
  );
  return AttributeNames.reduce((sum, name) => sum + Number(Attributes[name]), 0);
}

async function until(condition: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 20));
}

function source(queueUrl: string, partial: boolean, invoke: (batch: Batch) => InvokeResult) {
  return openEventSource(
    sqs,
    { invoke: async (_name, payload) => invoke(payload as Batch) },
    { queueUrl, queueArn: 'arn:q', functionArn: 'arn:f', region: 'us-east-1', batchSize: 10, partial },
  );
}

test('messages reach the function as an SQS event and leave the queue', async () => {
  const url = await queueOf('whole');
  await sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'hello' }));
  const seen: Batch['Records'] = [];
  const open = source(url, true, ({ Records }) => {
    seen.push(...Records);
    return { ok: true, payload: { batchItemFailures: [] } };
  });
  await until(async () => (await left(url)) === 0);
  await open.close();

  expect(seen).toHaveLength(1);
  expect(seen[0]).toMatchObject({ body: 'hello', eventSource: 'aws:sqs' });
  expect(seen[0]?.attributes).toMatchObject({ ApproximateReceiveCount: '1' });
});

test('only the messages the function names come back', async () => {
  const url = await queueOf('partial');
  for (const body of ['good', 'bad'])
    await sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: body }));
  const seen: string[] = [];
  const open = source(url, true, ({ Records }) => {
    seen.push(...Records.map(({ body }) => body));
    const tries = seen.filter((body) => body === 'bad').length;
    const bad = Records.filter(({ body }) => body === 'bad' && tries < 2);
    return {
      ok: true,
      payload: { batchItemFailures: bad.map(({ messageId }) => ({ itemIdentifier: messageId })) },
    };
  });
  await until(async () => (await left(url)) === 0);
  await open.close();

  expect(seen.sort()).toEqual(['bad', 'bad', 'good']);
});

test('a function that fails gets the whole batch again', async () => {
  const url = await queueOf('failing');
  await sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'again' }));
  let calls = 0;
  const open = source(url, false, () => {
    calls += 1;
    if (calls === 1) return { ok: false, errorType: 'Error', errorMessage: 'no' };
    return { ok: true, payload: null };
  });
  await until(async () => calls === 2 && (await left(url)) === 0);
  await open.close();

  expect(calls).toBe(2);
});

const messages = [{ MessageId: 'a' }, { MessageId: 'b' }];
test.each([
  [null, []],
  [{}, []],
  [{ batchItemFailures: [] }, []],
  [{ batchItemFailures: [{ itemIdentifier: 'b' }] }, ['b']],
  [{ batchItemFailures: [{ itemIdentifier: 'x' }] }, ['a', 'b']],
  [{ batchItemFailures: [{ itemIdentifier: '' }] }, ['a', 'b']],
  [{ batchItemFailures: [{}] }, ['a', 'b']],
  [{ batchItemFailures: 'b' }, ['a', 'b']],
])('the answer %j fails %j', (payload, failed) => {
  expect([...failedIds(payload, messages)]).toEqual(failed);
});

test('a schedule invokes its function at its rate', async () => {
  jest.useFakeTimers();
  const events: unknown[] = [];
  const lambda = {
    invoke: async (name: string, event: unknown): Promise<InvokeResult> => {
      events.push([name, event]);
      return { ok: true, payload: null };
    },
  };
  const schedule = openSchedule(lambda, {
    expression: 'rate(1 minute)',
    ruleArn: 'arn:rule',
    functionArn: 'arn:f',
    account: '0',
    region: 'us-east-1',
  });
  await jest.advanceTimersByTimeAsync(125_000);
  jest.useRealTimers();
  await schedule.close();

  expect(events).toHaveLength(2);
  expect(events[0]).toMatchObject(['arn:f', { 'detail-type': 'Scheduled Event', resources: ['arn:rule'] }]);
});

test('a rate is milliseconds', () => {
  expect(['rate(1 minute)', 'rate(5 minutes)', 'rate(2 hours)', 'rate(1 day)'].map(rateMs)).toEqual([
    60_000, 300_000, 7_200_000, 86_400_000,
  ]);
});

test('a schedule that is no rate is refused by name', () => {
  expect(() => rateMs('cron(0 10 * * ? *)')).toThrow('cron(0 10 * * ? *)');
});

test.each([
  'f',
  'f:1',
  'arn:aws:lambda:r:1:function:f',
  'arn:aws:lambda:r:1:function:f:$LATEST',
  '1:function:f',
])('%s names the function f', (name) => {
  expect(functionNameOf(name)).toBe('f');
});
