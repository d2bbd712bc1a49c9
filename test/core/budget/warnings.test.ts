import { expect, test } from '@jest/globals';
import { reachedPercents } from '#core/budget/warnings.ts';
import { sampleEvent } from '../../contracts/sample-records.ts';

const account = { id: 'app/a@2026-11', limit_micros: 1000, warn_at: [50, 80, 100] };
const at = (spentMicros: number) => ({ id: account.id, spentMicros, usedMicros: spentMicros });
const told = (...percents: number[]) => new Set(percents);
const event = sampleEvent({ budget: { reserved_micros: 0, accounts: [account] } });

test.each([
  [499, [], []],
  [500, [], [50]],
  [800, [50], [80]],
  [1000, [], [50, 80, 100]],
  [5000, [50, 80, 100], []],
])('%d of 1000 spent with %j told tells %j', (spent, before, due) => {
  expect(reachedPercents(event, account, at(spent), told(...before))).toEqual(due);
});

test('a call that found no room tells that the budget is used up, although less is spent', () => {
  const full = sampleEvent({ budget: { reserved_micros: 0, accounts: [account], full: [account.id] } });

  expect(reachedPercents(full, account, at(0), told())).toEqual([100]);
});
