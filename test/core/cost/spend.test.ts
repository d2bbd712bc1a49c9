import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { perRow, usageDelta } from '#aws/usage-delta.ts';
import { decimalDollars } from '#core/cost/decimal-dollars.ts';
import { FOCUS_COLUMNS, focusRows } from '#core/cost/focus.ts';
import { SPEND_DIMENSIONS, spendReport, spendTotal } from '#core/cost/spend-report.ts';
import type { UsageRow } from '#core/cost/usage.ts';
import type { LedgerEvent } from '#core/ledger/event.ts';
import { csvText } from '#core/text/csv.ts';
import { sampleEvent } from '../../contracts/sample-records.ts';

/** The daily rows that the recorder's own counting makes of events. */
function rowsOf(events: readonly LedgerEvent[]): UsageRow[] {
  return perRow(events.map(usageDelta)).map((row) => ({
    appId: row.app,
    day: row.day,
    model: row.model,
    calls: row.calls,
    blocked: row.blocked,
    input: row.input + row.cached_input + row.cache_write,
    output: row.output + row.reasoning + row.audio,
    costMicros: row.cost_micros,
    unpriced: row.unpriced,
  }));
}

function manyEvents(count: number): LedgerEvent[] {
  const base = sampleEvent() as LedgerEvent;
  return Array.from({ length: count }, (_, i) => ({
    ...base,
    app_id: `app-${i % 23}`,
    model_requested: `model-${i % 7}`,
    at: `2026-11-${String((i % 28) + 1).padStart(2, '0')}T10:00:00.000Z`,
    usage: { ...base.usage, input: (i * 37) % 9_001, output: (i * 13) % 811 },
    cost: { micros: i % 97 === 0 ? null : (i * 7_919) % 1_000_003, price_table: 'test' },
  }));
}

test('a report of 100,000 calls is the exact sum of their events, by app, day and model', () => {
  const events = manyEvents(100_000);
  const rows = rowsOf(events);
  for (const by of SPEND_DIMENSIONS) {
    const wanted = new Map<string, number>();
    const valueBy = {
      app: (e: LedgerEvent) => e.app_id,
      model: (e: LedgerEvent) => e.model_requested,
      day: (e: LedgerEvent) => e.at.slice(0, 10),
    };
    for (const event of events) {
      const key = valueBy[by](event);
      wanted.set(key, (wanted.get(key) ?? 0) + (event.cost.micros ?? 0));
    }
    const got = new Map(spendReport(rows, [by]).map((line) => [line[by], line.costMicros]));
    expect(got).toEqual(wanted);
  }
  const total = spendTotal(rows);
  expect(total.calls).toBe(100_000);
  expect(total.costMicros).toBe(events.reduce((sum, { cost }) => sum + (cost.micros ?? 0), 0));
  expect(total.unpriced).toBe(events.filter(({ cost }) => cost.micros === null).length);
});

test('two models with two keys of the same app are two lines', () => {
  const [event] = manyEvents(1);
  const two = [event!, { ...event!, key_id: 'key_2', model_requested: 'other' }];

  expect(spendReport(rowsOf(two), ['app', 'model'])).toHaveLength(2);
});

test('dollars are exact decimals of micro-dollars', () => {
  fc.assert(
    fc.property(fc.nat(2_000_000_000), (micros) => {
      const [whole = '', part = ''] = decimalDollars(micros).split('.');
      expect(part).toHaveLength(6);
      expect(BigInt(whole) * 1_000_000n + BigInt(part)).toBe(BigInt(micros));
    }),
  );
});

test('no cell of a CSV begins like a formula', () => {
  const evil = ['=1+1', '+cmd', '-2+3', '@SUM(A1)', '\tx', '\rx', 'a,"b"\r\nc', -12.5, '7'];
  const text = csvText([evil]);

  expect(text).toBe(`'=1+1,'+cmd,'-2+3,'@SUM(A1),'\tx,"'\rx","a,""b""\r\nc",-12.5,7\r\n`);
});

/** Rules of the FOCUS 1.2 column library for the columns we write: what may be null, and what a value looks like. */
const DECIMAL = /^-?\d+(\.\d+)?$/;
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;
const SOME = /^.+$/;
const RULES: Readonly<Record<(typeof FOCUS_COLUMNS)[number], RegExp>> = {
  BilledCost: DECIMAL,
  EffectiveCost: DECIMAL,
  ListCost: DECIMAL,
  ContractedCost: DECIMAL,
  BillingCurrency: /^[A-Z]{3}$/,
  BillingAccountId: SOME,
  BillingAccountName: SOME,
  BillingPeriodStart: INSTANT,
  BillingPeriodEnd: INSTANT,
  ChargePeriodStart: INSTANT,
  ChargePeriodEnd: INSTANT,
  ChargeCategory: /^(Usage|Purchase|Tax|Credit|Adjustment)$/,
  ChargeClass: /^(Correction)?$/,
  ChargeDescription: SOME,
  ChargeFrequency: /^(One-Time|Recurring|Usage-Based)$/,
  ConsumedQuantity: DECIMAL,
  ConsumedUnit: SOME,
  PricingQuantity: DECIMAL,
  PricingUnit: SOME,
  PricingCategory: /^(Standard|Dynamic|Committed|Other)$/,
  ProviderName: SOME,
  PublisherName: SOME,
  InvoiceIssuerName: SOME,
  ServiceCategory:
    /^(AI and Machine Learning|Analytics|Business Applications|Compute|Databases|Developer Tools|Multicloud|Identity|Integration|Internet of Things|Management and Governance|Media|Migration|Mobile|Networking|Security|Storage|Web|Other)$/,
  ServiceName: SOME,
  SkuId: SOME,
  ResourceId: SOME,
  ResourceName: SOME,
  SubAccountId: SOME,
  SubAccountName: SOME,
  Tags: /^\{.*\}$/,
  x_Calls: /^\d+$/,
  x_BlockedCalls: /^\d+$/,
  x_UnpricedCalls: /^\d+$/,
  x_InputTokens: /^\d+$/,
  x_OutputTokens: /^\d+$/,
};

describe('FOCUS rows', () => {
  const rows = focusRows(rowsOf(manyEvents(500)), 'dev');

  test('keep the rules of every column', () => {
    for (const row of rows) {
      expect(Object.keys(row)).toEqual([...FOCUS_COLUMNS]);
      for (const name of FOCUS_COLUMNS) expect(row[name]).toMatch(RULES[name]);
      expect(Object.keys(JSON.parse(row.Tags))).toEqual(['app', 'env']);
    }
  });

  test('sum to the micro-dollar', () => {
    const sum = rows.reduce((total, { BilledCost }) => total + BigInt(BilledCost.replace('.', '')), 0n);

    expect(sum).toBe(BigInt(spendTotal(rowsOf(manyEvents(500))).costMicros));
  });

  test.each([
    ['2026-11-30', '2026-12-01', '2026-11-01', '2026-12-01'],
    ['2026-12-31', '2027-01-01', '2026-12-01', '2027-01-01'],
    ['2028-02-29', '2028-03-01', '2028-02-01', '2028-03-01'],
    ['2027-02-28', '2027-03-01', '2027-02-01', '2027-03-01'],
    ['2026-11-07', '2026-11-08', '2026-11-01', '2026-12-01'],
  ])('charge %s until %s in the period %s to %s', (day, end, from, to) => {
    const [row] = focusRows([{ ...rowsOf(manyEvents(1))[0]!, day }], 'dev');

    expect(row).toMatchObject({
      ChargePeriodStart: `${day}T00:00:00Z`,
      ChargePeriodEnd: `${end}T00:00:00Z`,
      BillingPeriodStart: `${from}T00:00:00Z`,
      BillingPeriodEnd: `${to}T00:00:00Z`,
    });
  });
});
