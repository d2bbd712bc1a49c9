import { expect, test } from '@jest/globals';
import { dynamoLedger } from '#aws/dynamo-ledger.ts';
import { dynamoUsageReader } from '#aws/dynamo-usage-reader.ts';
import { sampleEvent } from '../contracts/sample-records.ts';
import { freshCloud } from './cloud.ts';

const DAYS = ['2026-10-30', '2026-10-31', '2026-11-01', '2026-11-02'];

async function bench(maxRows?: number) {
  const { client, tables } = await freshCloud();
  const ledger = dynamoLedger({ ...tables, client });
  for (const day of DAYS) {
    for (const app_id of ['support', 'sales']) {
      await ledger.append(sampleEvent({ app_id, at: `${day}T23:59:59.999Z`, model_requested: '~z-model' }));
    }
  }
  return dynamoUsageReader({ table: 'State', client, ...(maxRows !== undefined && { maxRows }) });
}

test('the days of a range are inclusive, for one app and for all', async () => {
  const reader = await bench();

  const one = await reader.usage('2026-10-31', '2026-11-01', 'support');
  const all = await reader.usage('2026-10-31', '2026-11-01');

  expect(one.map(({ appId, day }) => `${appId} ${day}`)).toEqual([
    'support 2026-10-31',
    'support 2026-11-01',
  ]);
  expect(all.map(({ appId, day }) => `${day} ${appId}`).sort()).toEqual([
    '2026-10-31 sales',
    '2026-10-31 support',
    '2026-11-01 sales',
    '2026-11-01 support',
  ]);
});

test.each([undefined, 'support'])(
  'more rows than one answer may hold are refused, never cut (app: %s)',
  async (app) => {
    const whole = app ? 4 : 8;

    expect(await (await bench(whole)).usage('2026-10-30', '2026-11-02', app)).toHaveLength(whole);
    await expect((await bench(whole - 1)).usage('2026-10-30', '2026-11-02', app)).rejects.toMatchObject({
      code: 'invalid_request',
    });
  },
);

test('calls of unknown cost on the last day are in the range', async () => {
  const { client, tables } = await freshCloud();
  const at = '2026-11-01T23:59:59.999Z';
  await dynamoLedger({ ...tables, client }).append(
    sampleEvent({ at, cost: { micros: null, price_table: 't' } }),
  );
  const reader = dynamoUsageReader({ table: 'State', client });

  expect(await reader.usage('2026-11-01', '2026-11-01', 'support')).toMatchObject([{ unpriced: 1 }]);
  expect(await reader.usage('2026-11-02', '2026-11-02', 'support')).toEqual([]);
});

test('a range that ends before it begins is empty', async () => {
  const reader = await bench();

  expect(await reader.usage('2026-11-02', '2026-10-30', 'support')).toEqual([]);
  expect(await reader.usage('2026-11-02', '2026-10-30')).toEqual([]);
});

test.each([
  ['yesterday', '2026-11-01'],
  ['2026-11-01', '2026-11-01T00:00'],
  ['2020-01-01', '2026-01-01'],
])('the range %s to %s is refused', async (from, to) => {
  const reader = await bench();

  await expect(reader.usage(from, to)).rejects.toMatchObject({ code: 'invalid_request' });
});
