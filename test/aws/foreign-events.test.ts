import { expect, test } from '@jest/globals';
import { dynamoBudgetBook } from '#aws/dynamo-budget-book.ts';
import { dynamoEventReader } from '#aws/dynamo-event-reader.ts';
import { dynamoIntentLog } from '#aws/dynamo-intent-log.ts';
import { dynamoOpenCalls } from '#aws/dynamo-open-calls.ts';
import { dynamoUsageReader } from '#aws/dynamo-usage-reader.ts';
import { sqsEventSink } from '#aws/sqs-event-sink.ts';
import type { LedgerEvent } from '#core/ledger/event.ts';
import { sampleEvent, sampleIntent } from '../contracts/sample-records.ts';
import { freshCloud } from './cloud.ts';
import { recordQueue } from './drain-queue.ts';

const hold = {
  reserved_micros: 40,
  accounts: [{ id: 'app/support@2026-11', limit_micros: 1000, warn_at: [100] }],
};

async function tables() {
  const cloud = await freshCloud();
  const { client, sqs, queueUrl } = cloud;
  const today = new Date().toISOString().slice(0, 10);
  return {
    open: dynamoIntentLog({ table: 'State', client, sqs }).open,
    async record(event: LedgerEvent) {
      await sqsEventSink({ queueUrl, sqs, client }).send(event);
      await recordQueue(cloud);
    },
    openCalls: async () => {
      const calls = dynamoOpenCalls({ table: 'State', client });
      return (await calls.lost(new Date(Date.now() + 86_400_000).toISOString(), 10)).length;
    },
    found: (id: string) => dynamoEventReader({ ledgerTable: 'Ledger', client }).find(id),
    usage: () => dynamoUsageReader({ table: 'State', client }).usage(today, today),
    account: async () =>
      (await dynamoBudgetBook({ table: 'State', client }).states(['app/support@2026-11']))[0],
  };
}

test.each([0, 40])(
  'an event of another environment that names an open call does not touch it (%s held)',
  async (held) => {
    const { open, record, openCalls, found, account } = await tables();
    const intent = sampleIntent({ hold: { ...hold, reserved_micros: held } });
    await open(intent);
    const forged = sampleEvent({ environment: 'laptop', request_id: intent.requestId, budget: hold });

    await record(forged);

    expect(await openCalls()).toBe(1);
    expect(await account()).toMatchObject({ spentMicros: 0, usedMicros: held });

    const event = sampleEvent({ request_id: intent.requestId, budget: intent.hold });
    await record(event);

    expect(await openCalls()).toBe(0);
    expect(await found(intent.requestId)).toEqual(expect.arrayContaining([forged, event]));
    expect(await account()).toMatchObject({ spentMicros: 61, usedMicros: 61 });
  },
);

test('nor does it stand in the way of a call that has no intent', async () => {
  const { record, usage } = await tables();
  const event = sampleEvent();
  await record(sampleEvent({ environment: 'laptop', request_id: event.request_id }));

  await record(event);

  expect(await usage()).toMatchObject([{ calls: 2, costMicros: 122 }]);
});

test('nor does it correct a call that was given up for lost', async () => {
  const { open, record, usage } = await tables();
  const intent = sampleIntent();
  await open(intent);
  const lost = { type: 'request.outcome_unknown', cost: { micros: 5000, price_table: 't' } } as const;
  await record(sampleEvent({ ...lost, request_id: intent.requestId }));

  await record(sampleEvent({ environment: 'laptop', request_id: intent.requestId }));

  expect(await usage()).toMatchObject([{ calls: 2, costMicros: 5061 }]);
});

test('what a gateway elsewhere reports is counted once, and no budget of this environment pays for it', async () => {
  const { record, found, usage, account } = await tables();
  const event = sampleEvent({ environment: 'laptop', budget: hold });

  await record(event);
  await record(event);

  expect(await found(event.request_id)).toEqual([event]);
  expect(await usage()).toMatchObject([{ calls: 1, costMicros: 61 }]);
  expect(await account()).toMatchObject({ spentMicros: 0, usedMicros: 0 });
});
