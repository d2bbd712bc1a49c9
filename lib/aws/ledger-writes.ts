import { COUNTERS, type UsageDelta, usageDelta } from '#core/cost/usage-delta.ts';
import type { LedgerEvent } from '#core/ledger/event.ts';
import { callKeyOf, epochSeconds, TOMBSTONE_DAYS } from './intent-items.ts';
import { ledgerItem } from './ledger-item.ts';
import type { Write } from './transact.ts';

export interface LedgerTables {
  /** Whose tables these are. Gateways of other environments may report events here; their calls and budgets are not ours. */
  readonly environment: string;
  readonly ledgerTable: string;
  readonly stateTable: string;
  readonly retentionDays: number;
}

/** The event, once. */
export function eventPut({ ledgerTable, retentionDays }: LedgerTables, event: LedgerEvent): Write {
  return {
    Put: {
      TableName: ledgerTable,
      Item: ledgerItem(event, retentionDays),
      ConditionExpression: 'attribute_not_exists(pk)',
    },
  };
}

/**
 * The call is closed by this event, if it is open and holds exactly `held` of budgets; with `instead` only if that event closed it
 * before. Makes the tombstone where no intent was.
 */
export function intentClose(
  { stateTable, environment }: LedgerTables,
  event: LedgerEvent,
  now: number,
  { held, instead }: { readonly held?: string | undefined; readonly instead?: string },
): Write {
  const open = `attribute_not_exists(#closed) AND ${held === undefined ? 'attribute_not_exists(held)' : 'held = :held'}`;
  return {
    Update: {
      TableName: stateTable,
      Key: callKeyOf(environment, event),
      UpdateExpression:
        'SET #closed = :event, closed_type = :type, counted = :counted, #expires = :expires REMOVE due_key, due_at, #event, held',
      ConditionExpression: instead === undefined ? open : '#closed = :instead',
      ExpressionAttributeNames: { '#closed': 'closed', '#event': 'event', '#expires': 'expires' },
      ExpressionAttributeValues: {
        ':event': event.event_id,
        ':type': event.type,
        ':counted': JSON.stringify(usageDelta(event)),
        ':expires': epochSeconds(now, TOMBSTONE_DAYS),
        ...(instead === undefined ? {} : { ':instead': instead }),
        ...(instead !== undefined || held === undefined ? {} : { ':held': held }),
      },
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    },
  };
}

/**
 * Adds to the daily row of an app and model: `USE#<app>` / `<yyyy-mm-dd>#<model>`, with `!` for `#` where the cost is unknown; the
 * index `byId` lists the rows of a day.
 */
export function usageAdd({ stateTable }: LedgerTables, delta: UsageDelta): Write {
  const { app, day, model, cost } = delta;
  return {
    Update: {
      TableName: stateTable,
      Key: { pk: `USE#${app}`, sk: `${day}${cost ? '!' : '#'}${model}` },
      UpdateExpression: `SET app_id = :app, #day = :day, #model = :model, #lookup = :lookup ADD ${COUNTERS.map((name) => `#${name} :${name}`).join(', ')}`,
      ExpressionAttributeNames: {
        '#day': 'day',
        '#model': 'model',
        '#lookup': 'lookup',
        ...Object.fromEntries(COUNTERS.map((name) => [`#${name}`, name])),
      },
      ExpressionAttributeValues: {
        ':app': app,
        ':day': day,
        ':model': model,
        ':lookup': usageLookup(day),
        ...Object.fromEntries(COUNTERS.map((name) => [`:${name}`, delta[name]])),
      },
    },
  };
}

/** The usage rows of all apps of a day, in the index `byId`. */
export function usageLookup(day: string): string {
  return `USE#${day}`;
}
