import { type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { LedgerEvent } from '#core/ledger/event.ts';
import { dayMarker, dayOf } from './ledger-item.ts';
import type { LedgerTables } from './ledger-writes.ts';

/** Tells readers which apps have records on a day. */
export interface DayMarkers {
  /** Resolves when the marker is there; written once per app, day and process. */
  note(event: LedgerEvent): Promise<void>;
}

const MAX_REMEMBERED = 5000;

export function dayMarkers(
  client: DynamoDBDocumentClient,
  { ledgerTable, retentionDays }: Pick<LedgerTables, 'ledgerTable' | 'retentionDays'>,
): DayMarkers {
  const written = new Set<string>();
  return {
    async note(event) {
      const name = `${dayOf(event)} ${event.app_id}`;
      if (written.has(name)) return;
      const item = dayMarker(event, retentionDays);
      await client.send(new PutCommand({ TableName: ledgerTable, Item: item }));
      if (written.size >= MAX_REMEMBERED) written.clear();
      written.add(name);
    },
  };
}
