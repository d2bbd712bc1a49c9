import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { FOCUS_COLUMNS, type FocusRow, focusRows } from '#core/cost/focus.ts';
import { spendFile } from '#core/cost/spend-file.ts';
import { QUANTITIES, type UsageRow } from '#core/cost/usage.ts';
import { sampleRow } from '../../contracts/sample-records.ts';

type Column = (typeof FOCUS_COLUMNS)[number];

/** Columns that the specification, version 1.2, calls mandatory for every dataset. */
const MANDATORY = [
  'BilledCost',
  'BillingAccountId',
  'BillingAccountName',
  'BillingCurrency',
  'BillingPeriodEnd',
  'BillingPeriodStart',
  'ChargeCategory',
  'ChargeClass',
  'ChargeDescription',
  'ChargePeriodEnd',
  'ChargePeriodStart',
  'ContractedCost',
  'EffectiveCost',
  'InvoiceIssuerName',
  'ListCost',
  'PricingQuantity',
  'PricingUnit',
  'ProviderName',
  'PublisherName',
  'ServiceCategory',
  'ServiceName',
];

/** Data types and formats of the specification: Numeric Format, Date/Time Format, Currency Format, Key-Value Format. */
const TYPES = {
  decimal: (text: string) => /^-?\d+(\.\d+)?$/.test(text),
  integer: (text: string) => /^-?\d+$/.test(text),
  instant: (text: string) =>
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(text) && !Number.isNaN(Date.parse(text)),
  currency: (text: string) => /^[A-Z]{3}$/.test(text),
  json: (text: string) =>
    Object.values(JSON.parse(text) as object).every((value) => typeof value === 'string'),
  text: (text: string) => text.length > 0,
} as const;

interface Rule {
  readonly type: keyof typeof TYPES;
  readonly nullable?: true;
  readonly allowed?: readonly string[];
}

const cost: Rule = { type: 'decimal' };
const text: Rule = { type: 'text' };
const instant: Rule = { type: 'instant' };
const count: Rule = { type: 'integer' };

/** The column library, for charges of the category Usage that correct nothing: there what is nullable at all must not be null. */
const RULES: Readonly<Record<Column, Rule>> = {
  BilledCost: cost,
  EffectiveCost: cost,
  ListCost: cost,
  ContractedCost: cost,
  BillingCurrency: { type: 'currency' },
  BillingAccountId: text,
  BillingAccountName: text,
  BillingPeriodStart: instant,
  BillingPeriodEnd: instant,
  ChargePeriodStart: instant,
  ChargePeriodEnd: instant,
  ChargeCategory: { type: 'text', allowed: ['Usage', 'Purchase', 'Tax', 'Credit', 'Adjustment'] },
  ChargeClass: { type: 'text', nullable: true, allowed: ['Correction'] },
  ChargeDescription: text,
  ChargeFrequency: { type: 'text', allowed: ['One-Time', 'Recurring', 'Usage-Based'] },
  ConsumedQuantity: { type: 'decimal' },
  ConsumedUnit: text,
  PricingQuantity: { type: 'decimal' },
  PricingUnit: text,
  PricingCategory: { type: 'text', allowed: ['Standard', 'Dynamic', 'Committed', 'Other'] },
  ProviderName: text,
  PublisherName: text,
  InvoiceIssuerName: text,
  ServiceCategory: { type: 'text', allowed: ['AI and Machine Learning'] },
  ServiceName: text,
  ServiceSubcategory: {
    type: 'text',
    allowed: [
      'Bots',
      'Generative AI',
      'Machine Learning',
      'Natural Language Processing',
      'Other (AI and Machine Learning)',
    ],
  },
  SkuId: text,
  ResourceId: text,
  ResourceName: text,
  SubAccountId: text,
  SubAccountName: text,
  Tags: { type: 'json' },
  x_CostStatus: { type: 'text', allowed: ['Known', 'Unknown', 'Partial'] },
  x_Calls: count,
  x_BlockedCalls: count,
  x_UnpricedCalls: count,
  x_InputTokens: count,
  x_CachedInputTokens: count,
  x_CacheWriteTokens: count,
  x_CacheWriteOneHourTokens: count,
  x_AudioInputTokens: count,
  x_OutputTokens: count,
  x_ReasoningTokens: count,
  x_AudioOutputTokens: count,
  x_AudioSeconds: count,
  x_SpokenCharacters: count,
  x_JudgeInputTokens: count,
  x_JudgeOutputTokens: count,
};

/** Names of the columns that break their rule. */
function broken(row: FocusRow): string[] {
  return FOCUS_COLUMNS.filter((name) => {
    const { type, nullable, allowed } = RULES[name];
    const value = row[name];
    if (value === '') return !nullable;
    return !TYPES[type](value) || (allowed !== undefined && !allowed.includes(value));
  });
}

const number = fc.nat(2_000_000_000);
const usageRows: fc.Arbitrary<UsageRow> = fc
  .record({
    appId: fc.constantFrom('support', 'a-b', 'x9'),
    day: fc.date({ min: new Date('2024-01-01'), max: new Date('2031-12-31'), noInvalidDate: true }),
    model: fc.oneof(fc.string(), fc.constantFrom('', '=cmd()', 'a,"b"\r\n', '-1')),
    counts: fc.tuple(fc.nat(50), fc.nat(50), fc.nat(50)),
    quantities: fc.record(Object.fromEntries(QUANTITIES.map((name) => [name, number]))),
    costMicros: number,
  })
  .map(({ day, counts: [priced, blocked, unpriced], quantities, ...row }) =>
    sampleRow({
      ...row,
      day: day.toISOString().slice(0, 10),
      calls: priced + unpriced + 1,
      blocked,
      unpriced,
      quantities: quantities as UsageRow['quantities'],
    }),
  );

describe('FOCUS rows', () => {
  test('have every mandatory column, custom ones behind and marked', () => {
    expect(MANDATORY.filter((name) => !FOCUS_COLUMNS.some((column) => column === name))).toEqual([]);
    const custom = FOCUS_COLUMNS.filter((name) => name.startsWith('x_'));
    expect(FOCUS_COLUMNS.slice(-custom.length)).toEqual(custom);
    for (const name of FOCUS_COLUMNS) expect(name).toMatch(/^(x_)?[A-Z][A-Za-z]{1,47}$/);
  });

  test('keep type, nullability and allowed values of every column, whatever was counted', () => {
    fc.assert(
      fc.property(usageRows, (usage) => {
        const [row] = focusRows([usage], 'dev');
        expect(Object.keys(row!)).toEqual([...FOCUS_COLUMNS]);
        expect(broken(row!)).toEqual([]);
      }),
    );
  });

  test('agree with themselves: costs are one, periods contain each other, units are told for quantities', () => {
    fc.assert(
      fc.property(usageRows, (usage) => {
        const row = focusRows([usage], 'dev')[0]!;
        expect(new Set([row.BilledCost, row.EffectiveCost, row.ListCost, row.ContractedCost]).size).toBe(1);
        expect([row.PricingQuantity, row.PricingUnit]).toEqual([row.ConsumedQuantity, row.ConsumedUnit]);
        expect(Date.parse(row.ChargePeriodEnd) - Date.parse(row.ChargePeriodStart)).toBe(86_400_000);
        expect(row.BillingPeriodStart <= row.ChargePeriodStart).toBe(true);
        expect(row.ChargePeriodEnd <= row.BillingPeriodEnd).toBe(true);
      }),
    );
  });

  test('sum to the micro-dollar and to the token', () => {
    fc.assert(
      fc.property(fc.array(usageRows, { maxLength: 20 }), (usage) => {
        const rows = focusRows(usage, 'dev');
        const total = (column: Column) =>
          rows.reduce((sum, row) => sum + BigInt(row[column].replace('.', '')), 0n);
        const wanted = (value: (row: UsageRow) => number) =>
          usage.reduce((sum, row) => sum + BigInt(value(row)), 0n);
        expect(total('BilledCost')).toBe(wanted(({ costMicros }) => costMicros));
        expect(total('x_CacheWriteOneHourTokens')).toBe(
          wanted(({ quantities }) => quantities.cache_write_1h),
        );
        expect(total('x_JudgeOutputTokens')).toBe(wanted(({ quantities }) => quantities.judge_output));
      }),
    );
  });

  test.each([
    [0, 'Known', 'Standard', /^Calls of support to m$/],
    [4, 'Unknown', 'Other', /not 0 but missing/],
    [1, 'Partial', 'Standard', /their cost is missing/],
  ])('with %i of 4 calls unpriced say %s, since no cost may be null', (unpriced, status, category, note) => {
    const [row] = focusRows([sampleRow({ calls: 4, unpriced })], 'dev');

    expect(row).toMatchObject({
      x_CostStatus: status,
      x_UnpricedCalls: String(unpriced),
      PricingCategory: category,
      ChargeDescription: expect.stringMatching(note),
    });
  });

  test('count all tokens as consumed, those of judges too; audio without tokens in its own unit', () => {
    const none = sampleRow({ input: 0, output: 0 }).quantities;
    const consumed = (over: Partial<UsageRow['quantities']>) => {
      const [row] = focusRows([sampleRow({ quantities: { ...none, ...over } })], 'dev');
      return [row?.ConsumedQuantity, row?.ConsumedUnit];
    };

    expect(consumed({ input: 1, cache_write_1h: 2, audio_input: 4, reasoning: 8, judge_input: 16 })).toEqual([
      '31',
      'Tokens',
    ]);
    expect(consumed({ seconds: 90 })).toEqual(['90', 'Seconds']);
    expect(consumed({ characters: 40 })).toEqual(['40', 'Characters']);
    expect(consumed({})).toEqual(['0', 'Tokens']);
  });

  test('are a file with as many cells as columns', () => {
    const file = spendFile([sampleRow(), sampleRow()], { format: 'focus', environment: 'dev', by: [] });
    const [head, ...lines] = file.trimEnd().split('\r\n');

    expect(head).toBe(FOCUS_COLUMNS.join(','));
    expect(lines).toHaveLength(2);
    expect(lines[0]?.replace(/"(?:[^"]|"")*"/g, 'quoted').split(',')).toHaveLength(FOCUS_COLUMNS.length);
  });

  test.each([
    ['2026-11-30', '2026-12-01', '2026-11-01', '2026-12-01'],
    ['2026-12-31', '2027-01-01', '2026-12-01', '2027-01-01'],
    ['2028-02-29', '2028-03-01', '2028-02-01', '2028-03-01'],
    ['2027-02-28', '2027-03-01', '2027-02-01', '2027-03-01'],
    ['2026-11-07', '2026-11-08', '2026-11-01', '2026-12-01'],
  ])('charge %s until %s in the period %s to %s', (day, end, from, to) => {
    const [row] = focusRows([sampleRow({ day })], 'dev');

    expect(row).toMatchObject({
      ChargePeriodStart: `${day}T00:00:00Z`,
      ChargePeriodEnd: `${end}T00:00:00Z`,
      BillingPeriodStart: `${from}T00:00:00Z`,
      BillingPeriodEnd: `${to}T00:00:00Z`,
    });
  });
});
