import { partsOf } from '#core/budget/accounts.ts';
import type { Charge, HeldAccount, Hold } from '#core/budget/hold.ts';
import { epochSeconds } from './intent-items.ts';
import type { Write } from './transact.ts';

/** How long what was spent in a period can be looked up. */
const KEEP_DAYS = 400;

/**
 * One item per account: `BUD#<owner>` / `<period>`. `used` is what is spent and what is set aside together, so that a condition
 * (which cannot add) can compare it with the limit; `spent` is settled calls alone.
 */
export function budgetKeyOf(id: string): { pk: string; sk: string } {
  const { owner, period } = partsOf(id);
  return { pk: `BUD#${owner}`, sk: period };
}

/** Sets a worst case aside on every account: one write each, refused where the limit leaves no room. */
export function reserveWrites(table: string, { accounts, reserved_micros }: Hold): Write[] {
  if (reserved_micros === 0) return [];
  return accounts.map((account) => reserve(table, account, reserved_micros));
}

function reserve(table: string, { id, limit_micros, soft }: HeldAccount, micros: number): Write {
  const room = limit_micros - micros;
  const condition = room < 0 ? '#used <= :room' : 'attribute_not_exists(#used) OR #used <= :room';
  return {
    Update: {
      TableName: table,
      Key: budgetKeyOf(id),
      UpdateExpression: 'SET #expires = :expires ADD #used :micros',
      ExpressionAttributeNames: { '#used': 'used', '#expires': 'expires' },
      ExpressionAttributeValues: {
        ':micros': micros,
        ':expires': expiryOf(id),
        ...(soft ? {} : { ':room': room }),
      },
      ...(soft ? {} : { ConditionExpression: condition, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' }),
    },
  };
}

/** What ended calls do to their accounts. */
export function chargeWrites(table: string, charges: readonly Charge[]): Write[] {
  return charges.map(({ id, used, spent }) => ({
    Update: {
      TableName: table,
      Key: budgetKeyOf(id),
      UpdateExpression: 'SET #expires = :expires ADD #used :used, #spent :spent',
      ExpressionAttributeNames: { '#used': 'used', '#spent': 'spent', '#expires': 'expires' },
      ExpressionAttributeValues: { ':used': used, ':spent': spent, ':expires': expiryOf(id) },
    },
  }));
}

function expiryOf(id: string): number {
  return epochSeconds(Date.parse(budgetKeyOf(id).sk), KEEP_DAYS);
}
