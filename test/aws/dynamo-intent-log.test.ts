import { expect, test } from '@jest/globals';
import { createDocumentClient } from '#aws/dynamo-client.ts';
import { dynamoIntentLog } from '#aws/dynamo-intent-log.ts';
import { dynamoLedger } from '#aws/dynamo-ledger.ts';
import { dynamoOpenCalls } from '#aws/dynamo-open-calls.ts';
import { createSqsClient } from '#aws/sqs-client.ts';
import { sampleEvent, sampleIntent } from '../contracts/sample-records.ts';
import { type Cloud, freshCloud, NOWHERE } from './cloud.ts';
import { recordQueue } from './drain-queue.ts';

const later = () => new Date(Date.now() + 86_400_000).toISOString();
const openOf = ({ client }: Cloud) => dynamoOpenCalls({ table: 'State', client }).lost(later(), 100);

test('with the table down the intent goes through the queue and is open once recorded', async () => {
  const cloud = await freshCloud();
  const intent = sampleIntent();
  const log = dynamoIntentLog({
    table: 'State',
    queueUrl: cloud.queueUrl,
    client: createDocumentClient(NOWHERE),
    sqs: cloud.sqs,
  });

  await log.open(intent);
  await recordQueue(cloud);

  expect(await openOf(cloud)).toEqual([intent]);
});

test('an intent that comes through the queue after its event stays closed', async () => {
  const cloud = await freshCloud();
  const intent = sampleIntent();
  await dynamoLedger({ ...cloud.tables, client: cloud.client }).append(
    sampleEvent({ request_id: intent.requestId }),
  );
  const client = createDocumentClient(NOWHERE);
  await dynamoIntentLog({ table: 'State', queueUrl: cloud.queueUrl, client, sqs: cloud.sqs }).open(intent);

  expect(await recordQueue(cloud)).toBe(1);

  expect(await openOf(cloud)).toEqual([]);
});

test.each([undefined, `${NOWHERE}/0/events`])(
  'without table and queue (%s) no call is allowed',
  async (queueUrl) => {
    const log = dynamoIntentLog({
      table: 'State',
      ...(queueUrl ? { queueUrl } : {}),
      client: createDocumentClient(NOWHERE),
      sqs: createSqsClient(NOWHERE),
    });

    await expect(log.open(sampleIntent())).rejects.toMatchObject({ code: 'audit_unavailable' });
  },
);

test('the same intent sent twice is one intent', async () => {
  const cloud = await freshCloud();
  const intent = sampleIntent();
  const log = dynamoIntentLog({ table: 'State', client: cloud.client, sqs: cloud.sqs });

  await log.open(intent);
  await log.open(intent);

  expect(await openOf(cloud)).toEqual([intent]);
});

test('two calls cannot share a request id', async () => {
  const cloud = await freshCloud();
  const intent = sampleIntent();
  const log = dynamoIntentLog({
    table: 'State',
    queueUrl: cloud.queueUrl,
    client: cloud.client,
    sqs: cloud.sqs,
  });
  await log.open(intent);

  await expect(log.open({ ...intent, seq: 1 })).rejects.toMatchObject({ code: 'audit_unavailable' });
});
