import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import type { AccountState } from '#core/budget/accounts.ts';
import type { HeldAccount } from '#core/budget/hold.ts';
import { reachedPercents, warningAnnouncement, warningFacts } from '#core/budget/warnings.ts';
import { createEmitter } from '#core/ledger/chain.ts';
import type { LedgerEvent } from '#core/ledger/event.ts';
import type { Origin } from '#core/ledger/origin.ts';
import { plainEvent } from '#core/ledger/plain-event.ts';
import type { Announcer, Clock, Ids, Log } from '#core/ports.ts';
import { budgetKeyOf } from './budget-items.ts';
import { stateOf } from './dynamo-budget-book.ts';
import { documentClient } from './dynamo-client.ts';
import { eventPut, type LedgerTables } from './ledger-writes.ts';
import {
  duePending,
  type PendingWarning,
  pendingAttribute,
  pendingWarnings,
  TAKEN_MS,
} from './pending-warnings.ts';
import { restingAnnouncer } from './resting-announcer.ts';
import { systemClock } from './system-clock.ts';
import { transact } from './transact.ts';

export interface WarningOptions extends LedgerTables {
  readonly ids: Ids;
  readonly origin: Origin;
  readonly announcer: Announcer;
  readonly log: Log;
  readonly client?: DynamoDBDocumentClient;
  readonly clock?: Clock;
}

/** Looks at the budgets of a recorded call, and tells each percentage once per period. */
export type BudgetWarnings = (event: LedgerEvent) => Promise<void>;

/**
 * That a percentage was told, the event that tells it and that it is to be announced are one transaction: one of each per period,
 * whatever is delivered twice. An announcement that fails is logged and made again with a later call on the same budget.
 */
export function budgetWarnings(options: WarningOptions): BudgetWarnings {
  const { stateTable, ids, origin, log } = options;
  const { client = documentClient(), clock = systemClock } = options;
  const announcer = restingAnnouncer(options.announcer, clock);
  const waiting = pendingWarnings(client, stateTable);

  async function look(event: LedgerEvent, account: HeldAccount): Promise<void> {
    const { Item = {} } = await client.send(
      new GetCommand({ TableName: stateTable, Key: budgetKeyOf(account.id), ConsistentRead: true }),
    );
    const state = stateOf(account.id, Item);
    const told = new Set<number>((Item['warned'] as Set<number> | undefined) ?? []);
    for (const percent of reachedPercents(event, account, state, told)) {
      const pending = await tell(event, account, percent);
      if (pending) await announce(event, account, state, pending);
    }
    const now = clock.now();
    for (const pending of duePending(Item, now)) {
      if (await waiting.take(account.id, pending, now)) await announce(event, account, state, pending);
    }
  }

  /** Undefined when another recorder told it. */
  async function tell(
    event: LedgerEvent,
    account: HeldAccount,
    percent: number,
  ): Promise<PendingWarning | undefined> {
    const facts = warningFacts(event, account, percent);
    const warning = createEmitter(ids.next()).seal(plainEvent(origin, ids.next(), facts));
    const pending = { percent, event_id: warning.event_id, at: warning.at, again_at: clock.now() + TAKEN_MS };
    const { name, value } = pendingAttribute(pending);
    const mark = {
      Update: {
        TableName: stateTable,
        Key: budgetKeyOf(account.id),
        UpdateExpression: 'SET #pending = :pending ADD warned :percents',
        ConditionExpression: 'NOT contains(warned, :percent)',
        ExpressionAttributeNames: { '#pending': name },
        ExpressionAttributeValues: {
          ':pending': value,
          ':percents': new Set([percent]),
          ':percent': percent,
        },
      },
    };
    if (await transact(client, [mark, eventPut(options, warning)])) return undefined;
    log.info('budget.warned', { account: account.id, percent, limit_micros: account.limit_micros });
    return pending;
  }

  /** Never throws: the call is recorded, and must not be delivered again for this. */
  async function announce(
    { app_id }: LedgerEvent,
    account: HeldAccount,
    state: AccountState,
    pending: PendingWarning,
  ): Promise<void> {
    const { percent, event_id, at } = pending;
    const told = { percent, event_id, at, app_id, environment: origin.environment };
    try {
      await announcer.announce(warningAnnouncement(account, state, told));
      await waiting.drop(account.id, pending);
    } catch (error) {
      log.error('announcement failed', { account: account.id, percent, event_id, error });
    }
  }

  return async (event) => {
    for (const account of event.budget?.accounts ?? []) await look(event, account);
  };
}
