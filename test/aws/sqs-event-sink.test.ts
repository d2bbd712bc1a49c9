import { expect, test } from '@jest/globals';
import { createDocumentClient } from '#aws/dynamo-client.ts';
import { dynamoEventReader } from '#aws/dynamo-event-reader.ts';
import { dynamoIntentLog } from '#aws/dynamo-intent-log.ts';
import { dynamoLedger } from '#aws/dynamo-ledger.ts';
import { dynamoOpenCalls } from '#aws/dynamo-open-calls.ts';
import { dynamoUsageReader } from '#aws/dynamo-usage-reader.ts';
import { readMessage } from '#aws/queue-message.ts';
import { createSqsClient } from '#aws/sqs-client.ts';
import { sqsEventSink } from '#aws/sqs-event-sink.ts';
import { NO_USAGE } from '#core/cost/usage.ts';
import { sampleEvent, sampleIntent } from '../contracts/sample-records.ts';
import { type Cloud, freshCloud, NOWHERE } from './cloud.ts';
import { drainQueue, recordQueue } from './drain-queue.ts';
import { slowServer } from './slow-server.ts';

const today = () => new Date().toISOString().slice(0, 10);
const later = () => new Date(Date.now() + 86_400_000).toISOString();

function sinkWith(cloud: Cloud, over: { queueUrl?: string; queue?: string; table?: string } = {}) {
  const errors: Record<string, unknown>[] = [];
  const sink = sqsEventSink({
    queueUrl: over.queueUrl ?? cloud.queueUrl,
    tables: cloud.tables,
    sqs: over.queue ? createSqsClient(over.queue) : cloud.sqs,
    client: over.table ? createDocumentClient(over.table) : cloud.client,
    log: { info: () => {}, error: (_message, fields = {}) => errors.push(fields) },
  });
  return { sink, errors };
}

const withoutQueue = (cloud: Cloud) => sinkWith(cloud, { queue: NOWHERE, queueUrl: `${NOWHERE}/0/events` });
const withoutAnything = (cloud: Cloud) =>
  sinkWith(cloud, { queue: NOWHERE, queueUrl: `${NOWHERE}/0/events`, table: NOWHERE });

function readers({ client }: Cloud) {
  return {
    events: dynamoEventReader({ ledgerTable: 'Ledger', client }),
    usage: () => dynamoUsageReader({ table: 'State', client }).usage(today(), today()),
    calls: dynamoOpenCalls({ table: 'State', client }),
  };
}

test('with the queue down an event is in the ledger when send resolves', async () => {
  const cloud = await freshCloud();
  const event = sampleEvent({ verdict: 'flagged' });

  expect(await withoutQueue(cloud).sink.send(event)).toEqual({ tier: 'table' });

  expect(await readers(cloud).events.find(event.request_id)).toEqual([event]);
  expect((await readers(cloud).events.list({})).events).toEqual([event]);
});

test('an event that went past the queue is not given up for lost', async () => {
  const cloud = await freshCloud();
  const intent = sampleIntent();
  await dynamoIntentLog({ table: 'State', client: cloud.client, sqs: cloud.sqs }).open(intent);

  await withoutQueue(cloud).sink.send(sampleEvent({ request_id: intent.requestId }));

  expect(await readers(cloud).calls.lost(later(), 10)).toEqual([]);
});

test('an event that went past the queue is counted once when the recorder gets it', async () => {
  const cloud = await freshCloud();
  const event = sampleEvent();
  await withoutQueue(cloud).sink.send(event);
  expect(await readers(cloud).usage()).toEqual([]);

  const [waiting] = await readers(cloud).calls.uncounted(later(), 10);
  expect(waiting).toEqual(event);
  await sinkWith(cloud).sink.send(event);
  await sinkWith(cloud).sink.send(event);
  await recordQueue(cloud);

  expect(await readers(cloud).usage()).toMatchObject([{ calls: 1, costMicros: 61 }]);
  expect(await readers(cloud).calls.uncounted(later(), 10)).toEqual([]);
  expect(await readers(cloud).events.find(event.request_id)).toEqual([event]);
});

test('an event of a call that was given up for lost is kept as evidence', async () => {
  const cloud = await freshCloud();
  const event = sampleEvent();
  const lost = sampleEvent({
    request_id: event.request_id,
    type: 'request.outcome_unknown',
    usage: NO_USAGE,
  });
  await dynamoLedger({ ...cloud.tables, client: cloud.client }).append(lost);

  expect(await withoutQueue(cloud).sink.send(event)).toEqual({ tier: 'table' });

  expect(await readers(cloud).events.find(event.request_id)).toContainEqual(event);
});

test('a record about a key needs no call to go past the queue', async () => {
  const cloud = await freshCloud();
  const event = sampleEvent({ type: 'key.created' });

  expect(await withoutQueue(cloud).sink.send(event)).toEqual({ tier: 'table' });

  expect(await readers(cloud).events.find(event.request_id)).toEqual([event]);
  expect(await cloud.items('State')).toEqual([]);
});

test('with queue and table down the event is one log line that the recorder takes', async () => {
  const cloud = await freshCloud();
  const event = sampleEvent();
  const { sink, errors } = withoutAnything(cloud);

  expect(await sink.send(event)).toEqual({ tier: 'log' });

  expect(errors).toHaveLength(1);
  expect(readMessage(JSON.stringify(errors[0]?.['replay']))).toEqual({ event });
});

test('a sink without tables goes from the queue to the log', async () => {
  const errors: unknown[] = [];
  const sqs = createSqsClient(NOWHERE);
  const log = { info: () => {}, error: (message: string) => errors.push(message) };

  expect(await sqsEventSink({ queueUrl: `${NOWHERE}/0/events`, sqs, log }).send(sampleEvent())).toEqual({
    tier: 'log',
  });
  expect(errors).toHaveLength(1);
});

test('a queue that hangs costs little more than half a second', async () => {
  const cloud = await freshCloud();
  const hanging = await slowServer();
  const { sink } = sinkWith(cloud, { queue: hanging.url, queueUrl: `${hanging.url}/0/events` });
  const started = performance.now();

  const { tier } = await sink.send(sampleEvent());
  const ms = performance.now() - started;
  await hanging.close();

  expect(tier).toBe('table');
  expect(hanging.requests()).toBe(2);
  expect(ms).toBeGreaterThan(450);
  expect(ms).toBeLessThan(2500);
});

test('an event of more than a megabyte fits a message', async () => {
  const cloud = await freshCloud();
  const event = sampleEvent({ unscanned_parts: Array.from({ length: 30_000 }, () => 'ü'.repeat(40)) });

  expect(await sinkWith(cloud).sink.send(event)).toEqual({ tier: 'queue' });

  const [body = ''] = await drainQueue(cloud);
  expect(Buffer.byteLength(body)).toBeLessThan(1_048_576);
  expect(readMessage(body)).toMatchObject({ event: { hash: event.hash, truncated: true } });
});
