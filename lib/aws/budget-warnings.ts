import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import type { HeldAccount } from '#core/budget/hold.ts';
import { reachedPercents, warningFacts } from '#core/budget/warnings.ts';
import { createEmitter } from '#core/ledger/chain.ts';
import type { LedgerEvent } from '#core/ledger/event.ts';
import type { Origin } from '#core/ledger/origin.ts';
import { plainEvent } from '#core/ledger/plain-event.ts';
import type { Ids, Log } from '#core/ports.ts';
import { budgetKeyOf } from './budget-items.ts';
import { stateOf } from './dynamo-budget-book.ts';
import { documentClient } from './dynamo-client.ts';
import { eventPut, type LedgerTables } from './ledger-writes.ts';
import { transact } from './transact.ts';

export interface WarningOptions extends LedgerTables {
  readonly ids: Ids;
  readonly origin: Origin;
  readonly log: Log;
  readonly client?: DynamoDBDocumentClient;
}

/** Looks at the budgets of a recorded call, and tells each percentage once per period. */
export type BudgetWarnings = (event: LedgerEvent) => Promise<void>;

/** That a percentage was told, and the event that tells it, are one transaction: one of each per period, whatever is delivered twice. */
export function budgetWarnings(options: WarningOptions): BudgetWarnings {
  const { stateTable, ids, origin, log, client = documentClient() } = options;

  async function look(event: LedgerEvent, account: HeldAccount): Promise<void> {
    const { Item = {} } = await client.send(
      new GetCommand({ TableName: stateTable, Key: budgetKeyOf(account.id), ConsistentRead: true }),
    );
    const told = new Set<number>((Item['warned'] as Set<number> | undefined) ?? []);
    for (const percent of reachedPercents(event, account, stateOf(account.id, Item), told)) {
      await tell(event, account, percent);
    }
  }

  async function tell(event: LedgerEvent, account: HeldAccount, percent: number): Promise<void> {
    const facts = warningFacts(event, account, percent);
    const warning = createEmitter(ids.next()).seal(plainEvent(origin, ids.next(), facts));
    const mark = {
      Update: {
        TableName: stateTable,
        Key: budgetKeyOf(account.id),
        UpdateExpression: 'ADD warned :percents',
        ConditionExpression: 'NOT contains(warned, :percent)',
        ExpressionAttributeValues: { ':percents': new Set([percent]), ':percent': percent },
      },
    };
    if (await transact(client, [mark, eventPut(options, warning)])) return;
    log.info('budget.warned', { account: account.id, percent, limit_micros: account.limit_micros });
  }

  return async (event) => {
    for (const account of event.budget?.accounts ?? []) await look(event, account);
  };
}
