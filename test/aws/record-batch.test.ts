import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ulid } from 'ulid';
import { dynamoBudgetBook } from '#aws/dynamo-budget-book.ts';
import { dynamoIntentLog, dynamoIntentStore } from '#aws/dynamo-intent-log.ts';
import { dynamoLedger } from '#aws/dynamo-ledger.ts';
import { dynamoUsageReader } from '#aws/dynamo-usage-reader.ts';
import { recordBatch } from '#aws/record-batch.ts';
import type { LedgerEvent } from '#core/ledger/event.ts';
import { sampleEvent, sampleIntent } from '../contracts/sample-records.ts';
import { freshCloud } from './cloud.ts';

const MONTH = 'app/support@2026-11';
const hold = (reserved_micros: number) => ({
  reserved_micros,
  accounts: [{ id: MONTH, limit_micros: 1_000_000, warn_at: [100] }],
});

async function recorder() {
  const { client, sqs, tables, items } = await freshCloud();
  let transactions = 0;
  client.middlewareStack.add(
    (next, { commandName }) =>
      (args) => {
        if (commandName === 'TransactWriteItemsCommand' || commandName === 'TransactWriteCommand')
          transactions += 1;
        return next(args);
      },
    { step: 'initialize' },
  );
  const ports = {
    environment: 'test',
    ledger: dynamoLedger({ ...tables, client }),
    intents: dynamoIntentStore({ table: 'State', client }),
  };
  const today = new Date().toISOString().slice(0, 10);
  return {
    open: dynamoIntentLog({ table: 'State', client, sqs }).open,
    async record(messages: readonly unknown[]) {
      const before = transactions;
      const bodies = messages.map((message) =>
        typeof message === 'string' ? message : JSON.stringify(message),
      );
      const outcomes = await recordBatch(ports, bodies);
      return {
        failed: outcomes.filter(({ status }) => status === 'rejected').length,
        transactions: transactions - before,
      };
    },
    async state() {
      const ledger = await items('Ledger');
      return {
        events: ledger
          .flatMap(({ event }) => (event ? [JSON.parse(String(event)).event_id as string] : []))
          .sort(),
        quarantined: ledger.filter(({ pk }) => String(pk).startsWith('QUARANTINE#')).length,
        open: (await items('State')).filter(({ pk, due_key }) => String(pk).startsWith('INT#') && due_key)
          .length,
        usage: (await dynamoUsageReader({ table: 'State', client }).usage(today, today)).map(
          ({ model, calls, costMicros }) => ({ model, calls, costMicros }),
        ),
        account: (await dynamoBudgetBook({ table: 'State', client }).states([MONTH]))[0],
      };
    },
  };
}

/** `count` open calls that hold 100 micro-dollars each, and their final events of 7. */
async function calls(count: number, open: (intent: ReturnType<typeof sampleIntent>) => Promise<unknown>) {
  const events: LedgerEvent[] = [];
  for (let i = 0; i < count; i += 1) {
    const intent = sampleIntent({ hold: hold(100) });
    await open(intent);
    events.push(
      sampleEvent({ request_id: intent.requestId, budget: hold(100), cost: { micros: 7, price_table: 't' } }),
    );
  }
  return events;
}

test('ten calls of one app are settled in one transaction', async () => {
  const { open, record, state } = await recorder();
  const events = await calls(10, open);

  expect(await record(events.map((event) => ({ event })))).toEqual({ failed: 0, transactions: 1 });

  expect(await state()).toMatchObject({
    events: events.map(({ event_id }) => event_id).sort(),
    open: 0,
    usage: [{ calls: 10, costMicros: 70 }],
    account: { spentMicros: 70, usedMicros: 70 },
  });
});

test('one that was recorded before, one that is no message and one of a call given up for lost do not hold up the others', async () => {
  const { open, record, state } = await recorder();
  const [known, late, ...others] = await calls(6, open);
  if (!known || !late) throw new Error('no calls');
  const lost = sampleEvent({
    ...late,
    event_id: ulid(),
    type: 'request.outcome_unknown',
    cost: { micros: 100, price_table: 't' },
  });
  await record([{ event: known }, { event: lost }]);

  expect(
    await record([{ event: known }, 'no message', { event: late }, ...others.map((event) => ({ event }))]),
  ).toMatchObject({ failed: 0 });

  expect(await state()).toMatchObject({
    quarantined: 1,
    open: 0,
    usage: [{ calls: 6, costMicros: 42 }],
    account: { spentMicros: 42, usedMicros: 42 },
  });
});

test('whatever is batched how, twice or with its loss, the books are those of each alone', async () => {
  const { open, record, state } = await recorder();
  let all = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.record({ twice: fc.boolean(), lost: fc.boolean(), held: fc.boolean(), cut: fc.boolean() }),
        { minLength: 1, maxLength: 12 },
      ),
      async (kinds) => {
        const messages: { event: LedgerEvent }[][] = [[]];
        for (const { twice, lost, held, cut } of kinds) {
          const intent = sampleIntent(held ? { hold: hold(100) } : {});
          await open(intent);
          const budget = held ? { budget: hold(100) } : {};
          const event = sampleEvent({
            request_id: intent.requestId,
            cost: { micros: 7, price_table: 't' },
            ...budget,
          });
          const given = sampleEvent({
            request_id: intent.requestId,
            type: 'request.outcome_unknown',
            cost: { micros: 100, price_table: 't' },
            ...budget,
          });
          if (cut) messages.push([]);
          messages
            .at(-1)
            ?.push(...(lost ? [{ event: given }] : []), { event }, ...(twice ? [{ event }] : []));
          all += 1;
        }
        for (const batch of messages)
          if (batch.length > 0) expect(await record(batch)).toMatchObject({ failed: 0 });
        const { open: left, usage, account } = await state();
        expect(left).toBe(0);
        expect(usage).toMatchObject([{ calls: all, costMicros: 7 * all }]);
        expect(account?.usedMicros).toBe(account?.spentMicros);
      },
    ),
    { numRuns: 25 },
  );
});
