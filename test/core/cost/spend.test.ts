import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decimalDollars } from '#core/cost/decimal-dollars.ts';
import { SPEND_DIMENSIONS, spendReport, spendTotal } from '#core/cost/spend-report.ts';
import type { UsageRow } from '#core/cost/usage.ts';
import { keptDelta, negated, perRow, usageDelta, usageRow } from '#core/cost/usage-delta.ts';
import type { LedgerEvent } from '#core/ledger/event.ts';
import { csvText } from '#core/text/csv.ts';
import { sampleEvent } from '../../contracts/sample-records.ts';

/** The daily rows that the recorder's own counting makes of events. */
function rowsOf(events: readonly LedgerEvent[]): UsageRow[] {
  return perRow(events.map(usageDelta)).map(usageRow);
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

test('tokens of every class, seconds, characters and what judges used are counted by name', () => {
  const [event] = manyEvents(1);
  const usage = {
    input: 1,
    cached_input: 2,
    cache_write: 4,
    output: 8,
    reasoning: 16,
    audio: 32,
    audio_input: 64,
    cache_write_1h: 128,
    seconds: 256,
    characters: 512,
    source: 'provider',
  } as const;
  const judge = { detector: 'judge', chars: 1, ms: 1, usage: { ...usage, input: 1000, output: 2000 } };
  const policy = {
    kind: 'quality-scorer',
    phase: 'output',
    mode: 'enforce',
    action: 'allow',
    reason: 'ok',
    rules: {},
    latency_us: 1,
    chars_seen: 1,
    chars_scanned: 1,
    remote: [judge, { detector: 'comprehend', chars: 1, ms: 1 }],
  } as const;

  const [row] = rowsOf([{ ...event!, usage, policies: [{ ...policy, remote: [...policy.remote] }] }]);

  expect(row).toMatchObject({ input: 1 + 2 + 4 + 64 + 128, output: 8 + 16 + 32 });
  expect(row?.quantities).toEqual({
    input: 1,
    cached_input: 2,
    cache_write: 4,
    cache_write_1h: 128,
    audio_input: 64,
    output: 8,
    reasoning: 16,
    audio: 32,
    seconds: 256,
    characters: 512,
    judge_input: 1000 + 2 + 4 + 64 + 128,
    judge_output: 2000 + 16 + 32,
  });
});

test('calls of unknown cost have a row of their own', () => {
  const [event] = manyEvents(1);
  const cost = { micros: 5, price_table: 't' };
  const rows = rowsOf([
    { ...event!, cost },
    { ...event!, cost: { ...cost, micros: null } },
    { ...event!, cost },
  ]);

  expect(rows).toMatchObject([
    { calls: 2, costMicros: 10, unpriced: 0 },
    { calls: 1, costMicros: 0, unpriced: 1 },
  ]);
});

test('what an older version counted with fewer counters can be taken back', () => {
  const [event] = manyEvents(1);
  const old = {
    app: 'a',
    day: '2026-11-01',
    model: 'm',
    calls: 1,
    blocked: 0,
    input: 3,
    cost_micros: 4,
    unpriced: 0,
  };
  const delta = usageDelta(event!);

  const back = negated(keptDelta(JSON.stringify(old)));

  expect(back).toMatchObject({ calls: -1, input: -3, cost_micros: -4 });
  expect(back.judge_input + back.seconds + back.audio_input).toBe(-0);
  expect(usageRow(perRow([delta, negated(keptDelta(JSON.stringify(delta)))])[0]!)).toMatchObject({
    calls: 0,
    input: 0,
    costMicros: 0,
  });
});
