import { expect, test } from '@jest/globals';
import { dynamoEventReader } from '#aws/dynamo-event-reader.ts';
import { dynamoOpenCalls } from '#aws/dynamo-open-calls.ts';
import { dynamoUsageReader } from '#aws/dynamo-usage-reader.ts';
import { sampleEvent, sampleIntent } from '../contracts/sample-records.ts';
import { startFunction } from './function-bench.ts';

/** What the event source mapping hands over; the ids are the positions. */
function batch(bodies: readonly unknown[]) {
  const text = (body: unknown) => (typeof body === 'string' ? body : JSON.stringify(body));
  return {
    Records: bodies.map((body, i) => ({ messageId: `m${i}`, body: text(body), eventSource: 'aws:sqs' })),
  };
}

const failed = (...ids: string[]) => ({
  batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })),
});

test('a batch of events is stored, and none is delivered again', async () => {
  const { cloud, invoke } = await startFunction('recorder');
  const events = Array.from({ length: 10 }, () => sampleEvent());

  expect(await invoke(batch(events.map((event) => ({ event }))))).toEqual(failed());

  const page = await dynamoEventReader({ ledgerTable: 'Ledger', client: cloud.client }).list({});
  expect(page.events.map(({ event_id }) => event_id).sort()).toEqual(
    events.map(({ event_id }) => event_id).sort(),
  );
});

test('an event that is twice in a batch and in two batches is counted once', async () => {
  const { cloud, invoke } = await startFunction('recorder');
  const event = sampleEvent();

  await invoke(batch([{ event }, { event }]));
  expect(await invoke(batch([{ event }]))).toEqual(failed());

  const day = event.at.slice(0, 10);
  const usage = await dynamoUsageReader({ table: 'State', client: cloud.client }).usage(day, day);
  expect(usage).toMatchObject([{ calls: 1, costMicros: 61 }]);
});

test.each([
  ['text', 'not json'],
  ['an empty object', {}],
  ['an event with a missing field', { event: { ...sampleEvent(), app_id: undefined } }],
  ['an event with an unknown field', { event: { ...sampleEvent(), surprise: 1 } }],
  ['an event at no time', { event: { ...sampleEvent(), at: 'now' } }],
  ['an event without an id', { event: { ...sampleEvent(), event_id: '' } }],
  ['an app id no key can hold', { event: { ...sampleEvent(), app_id: 'x'.repeat(5000) } }],
  ['an intent with no deadline', { intent: { ...sampleIntent(), deadline: 'soon' } }],
])('%s is put away with its body, and the rest of the batch is stored', async (_what, poison) => {
  const { cloud, invoke } = await startFunction('recorder');
  const event = sampleEvent();

  expect(await invoke(batch([poison, { event }]))).toEqual(failed());

  const items = await cloud.items('Ledger');
  const away = items.filter(({ pk }) => String(pk).startsWith('QUARANTINE#'));
  expect(away).toMatchObject([{ body: typeof poison === 'string' ? poison : JSON.stringify(poison) }]);
  expect(items.some(({ sk }) => sk === event.event_id)).toBe(true);
});

test('an event of a later schema waits for a later recorder instead of being put away', async () => {
  const { cloud, invoke } = await startFunction('recorder');

  const answer = await invoke(
    batch([{ event: { ...sampleEvent(), schema: 2, new_field: true } }, { event: sampleEvent() }]),
  );

  expect(answer).toEqual(failed('m0'));
  expect((await cloud.items('Ledger')).some(({ pk }) => String(pk).startsWith('QUARANTINE#'))).toBe(false);
});

test('an intent that came through the queue is open', async () => {
  const { cloud, invoke } = await startFunction('recorder');
  const intent = sampleIntent();

  await invoke(batch([{ intent }]));

  const open = await dynamoOpenCalls({ table: 'State', client: cloud.client }).lost('9999', 10);
  expect(open).toEqual([intent]);
});

test('with the tables down every message is delivered again', async () => {
  const { cloud, invoke } = await startFunction('recorder');
  await cloud.stop();

  const answer = await invoke(batch([{ event: sampleEvent() }, { event: sampleEvent() }]));

  expect(answer).toEqual(failed('m0', 'm1'));
});

test('a reason never holds what stood in the message', async () => {
  const { cloud, invoke } = await startFunction('recorder');

  await invoke(batch([{ event: { ...sampleEvent(), verdict: 'secret-value-1', 'secret-name-2': 1 } }]));

  const away = (await cloud.items('Ledger')).find(({ pk }) => String(pk).startsWith('QUARANTINE#'));
  expect(String(away?.['reason'])).toContain('event.verdict');
  expect(String(away?.['reason'])).not.toMatch(/secret/);
});
