import { expect, test } from '@jest/globals';
import { budgetWarnings } from '#aws/budget-warnings.ts';
import { dynamoIntentStore } from '#aws/dynamo-intent-log.ts';
import { dynamoLedger } from '#aws/dynamo-ledger.ts';
import { recordMessage } from '#aws/record-message.ts';
import { ulidIds } from '#aws/ulid-ids.ts';
import type { LedgerEvent } from '#core/ledger/event.ts';
import { sampleEvent } from '../contracts/sample-records.ts';
import { freshCloud } from './cloud.ts';

const account = { id: 'app/support@2026-11', limit_micros: 1000, warn_at: [50, 100] };
const origin = { environment: 'test', version: '0', pack: 'p@1', packHash: 'h', costTags: () => ({}) };
const costing = (micros: number) =>
  sampleEvent({ cost: { micros, price_table: 't' }, budget: { reserved_micros: 0, accounts: [account] } });

async function recorder() {
  const cloud = await freshCloud();
  const { client, tables } = cloud;
  const lines: string[] = [];
  const log = { info: (line: string) => void lines.push(line), error: () => undefined };
  const ports = {
    environment: tables.environment,
    ledger: dynamoLedger({ ...tables, client }),
    intents: dynamoIntentStore({ table: 'State', client }),
    warnings: budgetWarnings({ ...tables, client, ids: ulidIds, origin, log }),
  };
  const record = (event: LedgerEvent) => recordMessage(ports, JSON.stringify({ event }));
  const warnings = async () =>
    (await cloud.items('Ledger'))
      .filter(({ type }) => type === 'budget.warned')
      .map(({ event }) => {
        const { detail, app_id, cost } = JSON.parse(String(event)) as LedgerEvent;
        return { detail, app_id, cost: cost.micros };
      });
  return { record, warnings, lines };
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
