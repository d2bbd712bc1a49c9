import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ListTagsForResourceCommand, SFNClient } from '@aws-sdk/client-sfn';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startServices } from '../../../lib/local-cloud/services/start.ts';
import { clientConfig, startTestServices } from '../../support/services.ts';

let running: Awaited<ReturnType<typeof startTestServices>>;
beforeAll(async () => {
  running = await startTestServices();
});
afterAll(() => running.close());

const ask = (headers: Record<string, string>, body = '{}') =>
  fetch(running.endpoint, { method: 'POST', headers, body }).then(async (response) => ({
    status: response.status,
    body: (await response.json()) as { __type: string; message: string },
  }));

test('the services listen on loopback only', () => {
  expect(new URL(running.endpoint).hostname).toBe('127.0.0.1');
});

test('an unknown service is refused by its name', async () => {
  const { status, body } = await ask({ 'x-amz-target': 'Kinesis_20131202.PutRecord' });
  expect(status).toBe(400);
  expect(body.__type).toBe('UnknownOperationException');
  expect(body.message).toContain('Kinesis_20131202.PutRecord');
});

test('an unknown operation is refused by its name', async () => {
  const client = new SFNClient(clientConfig(running.endpoint));
  const asking = client.send(new ListTagsForResourceCommand({ resourceArn: 'arn:aws:states:us-east-1:0:x' }));
  await expect(asking).rejects.toThrow('the embedded AWSStepFunctions has no ListTagsForResource');
});

test('a name from the prototype of objects is no operation', async () => {
  const { body } = await ask({ 'x-amz-target': 'AmazonSQS.constructor' });
  expect(body.__type).toBe('UnknownOperationException');
});

test('a body that is not JSON is refused', async () => {
  const { body } = await ask({ 'x-amz-target': 'AmazonSQS.ListQueues' }, '{');
  expect(body.__type).toBe('SerializationException');
});

test('a body without end is refused', async () => {
  const { status } = await ask({ 'x-amz-target': 'AmazonSQS.ListQueues' }, ' '.repeat(18 * 1024 * 1024));
  expect(status).toBe(413);
});

test('a request without target is refused by method and path', async () => {
  const response = await fetch(`${running.endpoint}/nowhere`);
  expect(await response.text()).toContain('GET /nowhere');
});

test('a port in use is an error', async () => {
  const port = Number(new URL(running.endpoint).port);
  await expect(startServices({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
});

test('a data folder in use is refused with what to do', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'kt-lock-'));
  const first = await startServices({ dataDir });
  await expect(startServices({ dataDir })).rejects.toThrow('is another `npm start` using it?');
  await first.close();
  rmSync(dataDir, { recursive: true, force: true });
});

test('closing ends a long poll', async () => {
  const other = await startTestServices();
  const client = new SQSClient(clientConfig(other.endpoint));
  const { QueueUrl } = await client.send(new CreateQueueCommand({ QueueName: 'q' }));
  const polling = client.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 })).then(
    () => 'answered',
    () => 'cut off',
  );
  await new Promise((resolve) => setTimeout(resolve, 100));
  const start = Date.now();
  await other.close();
  expect(await polling).toBe('cut off');
  expect(Date.now() - start).toBeLessThan(2_000);
  client.destroy();
});
