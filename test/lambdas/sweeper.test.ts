import { expect, test } from '@jest/globals';
import { dynamoEventReader } from '#aws/dynamo-event-reader.ts';
import { dynamoIntentLog } from '#aws/dynamo-intent-log.ts';
import { dynamoKeyAdmin } from '#aws/dynamo-key-admin.ts';
import { dynamoReviewDesk } from '#aws/dynamo-review-desk.ts';
import { dynamoUsageReader } from '#aws/dynamo-usage-reader.ts';
import { createSqsClient } from '#aws/sqs-client.ts';
import { sqsEventSink } from '#aws/sqs-event-sink.ts';
import { hashEvent } from '#core/ledger/chain.ts';
import { KEY_ACTS } from '#core/ledger/event.ts';
import type { Cloud } from '../aws/cloud.ts';
import { NOWHERE } from '../aws/cloud.ts';
import { recordQueue } from '../aws/drain-queue.ts';
import { sampleCase, sampleEvent, sampleIntent } from '../contracts/sample-records.ts';
import { startFunction } from './function-bench.ts';

const overdue = () => sampleIntent({ deadline: new Date(Date.now() - 1000).toISOString() });

function world(cloud: Cloud) {
  const { client, sqs } = cloud;
  const intents = dynamoIntentLog({ table: 'State', client, sqs });
  const reader = dynamoEventReader({ ledgerTable: 'Ledger', client });
  const today = new Date().toISOString().slice(0, 10);
  const usage = () => dynamoUsageReader({ table: 'State', client }).usage(today, today);
  return { open: intents.open, find: reader.find, usage };
}

test('a call that never ended gets one final event with the worst case as its cost', async () => {
  const { cloud, invoke } = await startFunction('sweeper');
  const { open, find, usage } = world(cloud);
  const intent = overdue();
  await open(intent);

  expect(await invoke()).toEqual({ lost: 1, recounted: 0, acts: 0, expired: 0, started: 0, told: 0 });
  await recordQueue(cloud);

  const [event] = await find(intent.requestId);
  expect(event).toMatchObject({
    type: 'request.outcome_unknown',
    at: intent.at,
    app_id: 'support',
    verdict: 'none',
    cost: { micros: 5000 },
    cost_tags: { owner: 'ai-team', app: 'support', env: 'test', 'cost-center': 'cc-7' },
    detail: expect.stringContaining(intent.emitter),
  });
  expect(event?.hash).toBe(event && hashEvent((({ hash: _hash, ...rest }) => rest)(event)));
  expect(await usage()).toMatchObject([{ calls: 1, costMicros: 5000 }]);
});

test('a swept call is not swept again, before or after it is recorded', async () => {
  const { cloud, invoke } = await startFunction('sweeper');
  await world(cloud).open(overdue());
  await invoke();

  expect(await invoke()).toEqual({ lost: 0, recounted: 0, acts: 0, expired: 0, started: 0, told: 0 });
  await recordQueue(cloud);
  expect(await invoke()).toEqual({ lost: 0, recounted: 0, acts: 0, expired: 0, started: 0, told: 0 });
});

test('a call before its deadline is left alone', async () => {
  const { cloud, invoke } = await startFunction('sweeper');
  await world(cloud).open(sampleIntent());

  expect(await invoke()).toEqual({ lost: 0, recounted: 0, acts: 0, expired: 0, started: 0, told: 0 });
});

test('a worst case of unknown price stays unknown', async () => {
  const { cloud, invoke } = await startFunction('sweeper');
  const { open, usage } = world(cloud);
  await open({ ...overdue(), worstCaseMicros: null });
  await invoke();
  await recordQueue(cloud);

  expect(await usage()).toMatchObject([{ calls: 1, costMicros: 0, unpriced: 1 }]);
});

test('an event that was stored past the queue is counted after a sweep', async () => {
  const { cloud, invoke } = await startFunction('sweeper');
  const { open, find, usage } = world(cloud);
  const intent = overdue();
  await open(intent);
  const event = sampleEvent({ request_id: intent.requestId });
  const sqs = createSqsClient(NOWHERE);
  const queueUrl = `${NOWHERE}/0/events`;
  await sqsEventSink({ queueUrl, sqs, tables: cloud.tables, client: cloud.client }).send(event);

  expect(await invoke()).toEqual({ lost: 0, recounted: 1, acts: 0, expired: 0, started: 0, told: 0 });
  await recordQueue(cloud);

  expect(await find(intent.requestId)).toEqual([event]);
  expect(await usage()).toMatchObject([{ calls: 1, costMicros: 61 }]);
  expect(await invoke()).toEqual({ lost: 0, recounted: 0, acts: 0, expired: 0, started: 0, told: 0 });
});

test('a table that is down fails the run, so that the alarm rings', async () => {
  const { cloud, invoke } = await startFunction('sweeper');
  await cloud.stop();

  await expect(invoke()).rejects.toThrow();
});

test.each(KEY_ACTS)(
  'what an operator did (%s) is one event with the origin of the deployment, however often the sweeper runs',
  async (type) => {
    const { cloud, invoke } = await startFunction('sweeper');
    const admin = dynamoKeyAdmin({ table: 'State', client: cloud.client });
    const app = { id: 'support', name: 'Support' };
    await admin.putApp(app, {
      at: new Date().toISOString(),
      type,
      requestId: 'key_1',
      appId: 'support',
      keyId: 'key_1',
      auth: 'system',
      route: 'kt keys revoke',
      reviewer: 'ann',
    });

    expect(await invoke()).toEqual({ lost: 0, recounted: 0, acts: 1, expired: 0, started: 0, told: 0 });
    expect(await invoke()).toEqual({ lost: 0, recounted: 0, acts: 0, expired: 0, started: 0, told: 0 });
    await recordQueue(cloud);

    const events = await world(cloud).find('key_1');
    expect(events).toMatchObject([
      { type, reviewer: 'ann', environment: 'test', cost_tags: { owner: 'ai-team' } },
    ]);
  },
);

test('a review that its machine lost expires by its on_timeout, once, with an event', async () => {
  const { cloud, invoke } = await startFunction('sweeper');
  const desk = dynamoReviewDesk({ stateTable: 'State', contentTable: 'Content', client: cloud.client });
  const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
  const held = sampleCase({ openedAt: ago(60), dueAt: ago(2), onTimeout: 'release' });
  await desk.open(held);

  expect(await invoke()).toMatchObject({ expired: 1, started: 0 });
  expect(await invoke()).toMatchObject({ expired: 0, started: 0 });
  await recordQueue(cloud);

  expect((await desk.get(held.id))?.decision).toMatchObject({ state: 'expired', by: 'system' });
  const types = (await world(cloud).find(held.id)).map(({ type }) => type);
  expect(types.sort()).toEqual(['review.expired', 'review.released']);
});
