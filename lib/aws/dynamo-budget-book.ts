import { BatchGetCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { AccountState } from '#core/budget/accounts.ts';
import type { BudgetBook } from '#core/ports.ts';
import { budgetKeyOf } from './budget-items.ts';
import { documentClient } from './dynamo-client.ts';

export interface BudgetBookOptions {
  /** The State table. */
  readonly table: string;
  readonly client?: DynamoDBDocumentClient;
}

/** Reads accounts, at most 100 at once: an app and a key have four. */
export function dynamoBudgetBook({ table, client = documentClient() }: BudgetBookOptions): BudgetBook {
  return {
    async states(ids) {
      if (ids.length === 0) return [];
      const Keys = [...new Set(ids)].map(budgetKeyOf);
      const { Responses, UnprocessedKeys } = await client.send(
        new BatchGetCommand({ RequestItems: { [table]: { Keys, ConsistentRead: true } } }),
      );
      if (Object.keys(UnprocessedKeys ?? {}).length > 0) throw new Error('the table is short of capacity');
      const items = Responses?.[table] ?? [];
      return ids.map((id) => stateOf(id, items.find(isAt(id)) ?? {}));
    },
  };
}

function isAt(id: string): (item: Record<string, unknown>) => boolean {
  const { pk, sk } = budgetKeyOf(id);
  return (item) => item['pk'] === pk && item['sk'] === sk;
}

/** An account nobody has used is empty. */
export function stateOf(id: string, item: Readonly<Record<string, unknown>>): AccountState {
  return { id, spentMicros: Number(item['spent'] ?? 0), usedMicros: Number(item['used'] ?? 0) };
}
