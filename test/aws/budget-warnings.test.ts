import { expect, test } from '@jest/globals';
import { budgetWarnings } from '#aws/budget-warnings.ts';
import { dynamoIntentStore } from '#aws/dynamo-intent-log.ts';
import { dynamoLedger } from '#aws/dynamo-ledger.ts';
import { createEventBridgeClient, eventBridgeAnnouncer } from '#aws/event-bridge-announcer.ts';
import { recordBatch } from '#aws/record-batch.ts';
import { ulidIds } from '#aws/ulid-ids.ts';
import type { LedgerEvent } from '#core/ledger/event.ts';
import type { Announcer, Clock } from '#core/ports.ts';
import { sampleEvent } from '../contracts/sample-records.ts';
import { freshCloud } from './cloud.ts';

const account = { id: 'app/support@2026-11', limit_micros: 1000, warn_at: [50, 100] };
const origin = { environment: 'test', version: '0', pack: 'p@1', packHash: 'h', costTags: () => ({}) };
const costing = (micros: number) =>
  sampleEvent({ cost: { micros, price_table: 't' }, budget: { reserved_micros: 0, accounts: [account] } });

/** With the real announcer, unless a test wraps it. */
async function recorder(over: { clock?: Clock; announcer?: (real: Announcer) => Announcer } = {}) {
  const cloud = await freshCloud();
  const { client, tables, announced } = cloud;
  const lines: string[] = [];
  const log = {
    info: (line: string) => void lines.push(line),
    error: (line: string) => void lines.push(line),
  };
  const events = createEventBridgeClient(cloud.endpoint);
  const real = eventBridgeAnnouncer({ bus: 'kt-test', client: events });
  const announcer = over.announcer?.(real) ?? real;
  const ports = {
    environment: tables.environment,
    ledger: dynamoLedger({ ...tables, client }),
    intents: dynamoIntentStore({ table: 'State', client }),
    warnings: budgetWarnings({
      ...tables,
      client,
      ids: ulidIds,
      origin,
      announcer,
      log,
      ...(over.clock && { clock: over.clock }),
    }),
  };
  const record = async (event: LedgerEvent) => {
    const [outcome] = await recordBatch(ports, [JSON.stringify({ event })]);
    if (outcome?.status === 'rejected') throw outcome.reason;
  };
  const warnings = async () =>
    (await cloud.items('Ledger'))
      .filter(({ type }) => type === 'budget.warned')
      .map(({ event }) => {
        const { detail, app_id, cost } = JSON.parse(String(event)) as LedgerEvent;
        return { detail, app_id, cost: cost.micros };
      });
  const account = async () => (await cloud.items('State')).find(({ pk }) => pk === 'BUD#app/support');
  return { record, warnings, lines, announced, account };
}

test('a percentage is told when it is reached, once, whatever is delivered how often', async () => {
  const { record, warnings, lines } = await recorder();
  await record(costing(499));
  expect(await warnings()).toEqual([]);

  const crossing = costing(1);
  await Promise.all([record(crossing), record(crossing), record(costing(2)), record(costing(2))]);
  await record(crossing);

  const detail = 'app/support@2026-11 reached 50 % of 1000 micro-dollars';
  expect(await warnings()).toEqual([{ detail, app_id: 'support', cost: 0 }]);
  expect(lines).toEqual(['budget.warned']);
});

test('a call that was refused for a full budget tells that it is used up', async () => {
  const { record, warnings } = await recorder();
  const budget = { reserved_micros: 0, accounts: [account], full: [account.id] };
  const refused = sampleEvent({ type: 'request.refused', cost: { micros: 0, price_table: 't' }, budget });

  await record(refused);
  await record({ ...refused, event_id: ulidIds.next() });

  expect((await warnings()).map(({ detail }) => detail)).toEqual([
    'app/support@2026-11 reached 100 % of 1000 micro-dollars',
  ]);
});

test('each percentage is announced once per period under duplicate deliveries in any order', async () => {
  const { record, announced, account: stored } = await recorder();
  const calls = Array.from({ length: 12 }, () => costing(100));

  await Promise.all([...calls, ...calls].map((event) => record(event)));
  for (const event of calls) await record(event);

  expect(announced.map(({ detail }) => detail['percent']).sort()).toEqual([100, 50]);
  expect(Object.keys((await stored()) ?? {}).filter((name) => name.startsWith('pending'))).toEqual([]);
});

test('an announcement says whose budget, of which period, how much of it, and names its event', async () => {
  const { record, announced, warnings } = await recorder();

  await record(costing(600));

  expect(await warnings()).toHaveLength(1);
  expect(announced).toMatchObject([
    {
      source: 'keeptrusts',
      'detail-type': 'Budget Warning',
      detail: {
        environment: 'test',
        app_id: 'support',
        owner: 'app/support',
        period: '2026-11',
        percent: 50,
        limit_micros: 1000,
        spent_micros: 600,
      },
    },
  ]);
  expect(announced[0]?.detail['event_id']).toBe(announced[0]?.detail['id']);
});

test('a bus that fails stops no record, and is told a minute later with the next call under the same id', async () => {
  let now = Date.now();
  const tried: string[] = [];
  let up = false;
  const { record, warnings, lines, announced } = await recorder({
    clock: { now: () => now },
    announcer: (real) => ({
      async announce(announcement) {
        tried.push(announcement.id);
        if (!up) throw new Error('the event bus did not take it: InternalFailure');
        await real.announce(announcement);
      },
    }),
  });

  await record(costing(600));
  expect(lines).toEqual(['budget.warned', 'announcement failed']);
  await record(costing(1));
  expect(tried).toHaveLength(1);

  now += 60_000;
  up = true;
  await Promise.all([record(costing(1)), record(costing(1)), record(costing(1))]);

  expect(new Set(tried).size).toBe(1);
  expect(announced.map(({ detail }) => detail['id'])).toEqual([tried[0]]);
  expect(await warnings()).toHaveLength(1);
});

test('a recorder that is killed between the ledger and the bus leaves the announcement to the next delivery', async () => {
  let now = Date.now();
  let killed = true;
  const {
    record,
    announced,
    account: stored,
  } = await recorder({
    clock: { now: () => now },
    announcer: (real) => ({
      announce: (announcement) => (killed ? new Promise<void>(() => {}) : real.announce(announcement)),
    }),
  });
  const crossing = costing(600);
  void record(crossing);
  while ((await stored())?.['pending#50'] === undefined) await new Promise((wake) => setTimeout(wake, 10));

  killed = false;
  now += 60_000;
  await record(crossing);

  expect(announced).toHaveLength(1);
});

test('a bus that hangs is waited for once, however many percentages and budgets a call reaches', async () => {
  let asked = 0;
  const {
    record,
    warnings,
    lines,
    account: stored,
  } = await recorder({
    announcer: () => ({
      async announce() {
        asked += 1;
        throw new Error('the bus hung for four seconds');
      },
    }),
  });
  const daily = { ...account, id: 'app/support@2026-11-28' };
  const budget = { reserved_micros: 0, accounts: [account, daily] };

  await record(sampleEvent({ cost: { micros: 1000, price_table: 't' }, budget }));

  expect(asked).toBe(1);
  expect(await warnings()).toHaveLength(4);
  expect(lines.filter((line) => line === 'announcement failed')).toHaveLength(4);
  expect(Object.keys((await stored()) ?? {}).filter((name) => name.startsWith('pending'))).toHaveLength(2);
});
