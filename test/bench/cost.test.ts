import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ASSUMED, billOf, total, unitsOf, unpriced, waitingOf } from '../../bench/cost/bill.ts';
import { dynamoUnits } from '../../bench/cost/dynamo-units.ts';
import { type Item, indexUnits, itemBytes, readUnits, writeUnits } from '../../bench/cost/item-size.ts';
import { KINDS, type Measured } from '../../bench/cost/measured.ts';
import { usdOf } from '../../bench/cost/prices.ts';
import { intoPage, tablesOf } from '../../bench/cost/tables.ts';

const measured = JSON.parse(readFileSync('bench/cost/measured.json', 'utf8')) as Measured;

test('docs/cost.md shows what was measured', () => {
  const page = readFileSync('docs/cost.md', 'utf8');

  expect(intoPage(page, tablesOf(measured))).toBe(page);
});

test('every service that was called has a price', () => {
  expect(unpriced([...Object.values(measured.kinds), measured.cold, measured.sweep])).toEqual([]);
});

test('every kind of call writes an event, and only the blocked one reserves no intent', () => {
  for (const kind of KINDS) {
    const { operations } = measured.kinds[kind];
    const times = (name: RegExp) =>
      operations
        .filter((one) => name.test(`${one.component} ${one.name}`))
        .reduce((sum, { times }) => sum + times, 0);
    expect([kind, times(/^audit-trail .* Ledger$/) >= 1]).toEqual([kind, true]);
    expect([kind, times(/^gateway DynamoDB (PutItem|TransactWriteItems) State$/) >= 1]).toEqual([
      kind,
      kind !== 'blocked',
    ]);
  }
});

test('the size of an item is names and values in UTF-8, numbers by their digits', () => {
  const item: Item = {
    pk: { S: 'Grüße' }, // 2 + 7
    n: { N: '-123.45' }, // 1 + 3 + 1
    yes: { BOOL: true }, // 3 + 1
    list: { L: [{ S: 'ab' }, { NULL: true }] }, // 4 + 3 + (2 + 1) + (1 + 1)
    map: { M: { a: { S: 'b' } } }, // 3 + 3 + 2 + 1
  };

  expect(itemBytes(item)).toBe(9 + 5 + 4 + 12 + 9);
});

test('units are rounded up: writes of 1 KB, reads of 4 KB, half where a moment behind', () => {
  expect([0, 1024, 1025].map(writeUnits)).toEqual([1, 1, 2]);
  expect([readUnits(4096, true), readUnits(4097, true), readUnits(4097, false)]).toEqual([1, 2, 1]);
});

test('an index costs nothing outside, one write in, out or in place, two to move', () => {
  const index = { partition: 'due', sort: 'at' };
  const placed = (due: string) => ({ due: { S: due }, at: { S: '1' } });
  const outside = { at: { S: '1' } };

  expect(indexUnits(index, undefined, outside)).toBe(0);
  expect(indexUnits(index, undefined, placed('a'))).toBe(1);
  expect(indexUnits(index, placed('a'), outside)).toBe(1);
  expect(indexUnits(index, placed('a'), { ...placed('a'), more: { S: 'x' } })).toBe(1);
  expect(indexUnits(index, placed('a'), placed('b'))).toBe(2);
});

test('a transaction is billed twice for each item, its indexes once', async () => {
  const table = new Map<string, Item>();
  const units = dynamoUnits(async (operation, input) => {
    if (operation === 'GetItem')
      return { Item: table.get((input as { Key: Item }).Key['pk']?.['S'] as string) } as never;
    const KeySchema = [{ AttributeName: 'pk', KeyType: 'HASH' as const }];
    const ofIndex = [
      { AttributeName: 'due', KeyType: 'HASH' as const },
      { AttributeName: 'pk', KeyType: 'RANGE' as const },
    ];
    return { Table: { KeySchema, GlobalSecondaryIndexes: [{ KeySchema: ofIndex }] } };
  });
  const item = { pk: { S: 'a' }, due: { S: 'now' }, text: { S: 'x'.repeat(1500) } };
  const TransactItems = [
    { Put: { TableName: 't', Item: item } },
    { ConditionCheck: { TableName: 't', Key: { pk: { S: 'b' } } } },
  ];

  const [, uses] = await units.around('TransactWriteItems', { TransactItems }, async () => {
    table.set('a', item);
    return {};
  });

  expect(uses.map(({ writes }) => writes)).toEqual([2 * 2 + 2, 2]);
  expect(uses.map(({ stored }) => stored)).toEqual([2 * (itemBytes(item) + 100), 0]);
});

test('a bill grows in proportion to calls, but for what stands and for traces', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 10 ** 9 }), (calls) => {
      const bill = billOf(measured, calls);
      const { traces = 0, ...used } = bill.calls;
      const perCall = KINDS.reduce(
        (sum, kind) => sum + ASSUMED.mix[kind] * usdOf(unitsOf(measured.kinds[kind])),
        ASSUMED.cold * usdOf(unitsOf(measured.cold)),
      );
      expect(usdOf(used)).toBeCloseTo(calls * perCall, 3);
      expect(traces).toBeLessThanOrEqual(2 * calls);
      expect(bill.standing).toEqual(billOf(measured, 0).standing);
      expect(usdOf(total(bill))).toBeGreaterThanOrEqual(usdOf(bill.standing) - 1e-6); // in another order of adding
    }),
  );
});

test('the shares of the kinds of calls are a whole', () => {
  expect(Object.values(ASSUMED.mix).reduce((sum, share) => sum + share, 0)).toBeCloseTo(1);
});

test('a second of waiting costs the memory of the gateway', () => {
  expect(waitingOf(measured.kinds.streamed, 60).lambdaGbSeconds).toBe(60); // 1024 MB in the dev environment
});
