import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { accountsOf, budgetOwners, partsOf, resetsAt } from '#core/budget/accounts.ts';
import type { Budget } from '#core/budget/budget.ts';

const budget = (over: Partial<Budget> = {}): Budget => ({
  dailyMicros: 5,
  monthlyMicros: 50,
  warnAt: [80, 50, 80],
  onExceed: 'block',
  unknownPrice: 'refuse',
  maxTokens: 100,
  ...over,
});

test('a call counts against a day and a month of its app and its key', () => {
  const owners = budgetOwners({ id: 'bot', budget: budget() }, 'key_1', budget({ onExceed: 'warn' }));

  expect(accountsOf(owners, '2026-11-30T23:59:59.999Z')).toEqual([
    { id: 'app/bot@2026-11-30', limit_micros: 5, warn_at: [50, 80, 100] },
    { id: 'app/bot@2026-11', limit_micros: 50, warn_at: [50, 80, 100] },
    { id: 'key/key_1@2026-11-30', limit_micros: 5, warn_at: [50, 80, 100], soft: true },
    { id: 'key/key_1@2026-11', limit_micros: 50, warn_at: [50, 80, 100], soft: true },
  ]);
});

test('the first moment of a month belongs to the new month, in UTC', () => {
  const owners = budgetOwners({ id: 'bot', budget: budget() }, 'key_1', undefined);

  const ids = accountsOf(owners, '2026-12-01T00:00:00.000Z').map(({ id }) => id);
  expect(ids).toEqual(['app/bot@2026-12-01', 'app/bot@2026-12']);
});

test('without a budget nothing is counted', () => {
  expect(budgetOwners({ id: 'bot' }, 'key_1', undefined)).toEqual([]);
});

test('an account begins anew exactly one day, or one month, later', () => {
  const date = fc.date({ min: new Date('2000-01-01'), max: new Date('2099-12-31'), noInvalidDate: true });
  fc.assert(
    fc.property(date, (at) => {
      const iso = at.toISOString();
      const midnight = Date.parse(iso.slice(0, 10));
      expect(resetsAt(`app/a@${iso.slice(0, 10)}`)).toBe(new Date(midnight + 86_400_000).toISOString());
      const next = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 1)).toISOString();
      expect(resetsAt(`app/a@${iso.slice(0, 7)}`)).toBe(next);
    }),
  );
});

test('an owner may hold the sign that parts an account id', () => {
  expect(partsOf('key/ann@example.com@2026-11')).toEqual({ owner: 'key/ann@example.com', period: '2026-11' });
});
