import { type DynamoDBDocumentClient, paginateQuery, type QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import { MAX_SPEND_DAYS } from '#core/cost/spend-report.ts';
import type { UsageRow } from '#core/cost/usage.ts';
import { COUNTERS, usageRow } from '#core/cost/usage-delta.ts';
import { GatewayError } from '#core/errors.ts';
import type { UsageReader } from '#core/ports.ts';
import { documentClient } from './dynamo-client.ts';
import { usageLookup } from './ledger-writes.ts';

export interface UsageReaderOptions {
  /** The State table. */
  readonly table: string;
  readonly client?: DynamoDBDocumentClient;
  /** Rows of one answer. Default 50,000. */
  readonly maxRows?: number;
}

const DAY = /^\d{4}-\d\d-\d\d$/;
const DAY_MS = 24 * 60 * 60 * 1000;
const PARALLEL_DAYS = 8;

/** The daily rows the recorder counts, oldest day first. More rows than one answer can hold are refused: a sum is whole or none. */
export function dynamoUsageReader(options: UsageReaderOptions): UsageReader {
  const { table, client = documentClient(), maxRows = 50_000 } = options;

  async function rows(query: Omit<QueryCommandInput, 'TableName'>): Promise<UsageRow[]> {
    const found: UsageRow[] = [];
    for await (const { Items = [] } of paginateQuery({ client }, { TableName: table, ...query })) {
      found.push(...Items.map(toRow).filter(({ calls }) => calls > 0));
      bounded(found);
    }
    return found;
  }

  function bounded(found: readonly UsageRow[]): void {
    if (found.length <= maxRows) return;
    const message = `There are more than ${maxRows} daily rows in this time. Ask for fewer days, or for one app.`;
    throw new GatewayError('invalid_request', message, { param: 'from' });
  }

  function ofApp(app: string, from: string, to: string): Promise<UsageRow[]> {
    return rows({
      KeyConditionExpression: 'pk = :app AND sk BETWEEN :from AND :to',
      // "$" follows "#" and "!", so every row of the last day is below it.
      ExpressionAttributeValues: { ':app': `USE#${app}`, ':from': from, ':to': `${to}$` },
    });
  }

  function ofDay(day: string): Promise<UsageRow[]> {
    return rows({
      IndexName: 'byId',
      KeyConditionExpression: '#lookup = :day',
      ExpressionAttributeNames: { '#lookup': 'lookup' },
      ExpressionAttributeValues: { ':day': usageLookup(day) },
    });
  }

  return {
    async usage(from, to, appId) {
      const days = daysBetween(from, to);
      if (days.length === 0) return [];
      if (appId !== undefined) return ofApp(appId, from, to);
      const found: UsageRow[] = [];
      for (let i = 0; i < days.length; i += PARALLEL_DAYS) {
        found.push(...(await Promise.all(days.slice(i, i + PARALLEL_DAYS).map(ofDay))).flat());
        bounded(found);
      }
      return found;
    },
  };
}

function toRow(item: Record<string, unknown>): UsageRow {
  const counters = COUNTERS.map((name) => [name, Number(item[name] ?? 0)]);
  return usageRow({
    ...(Object.fromEntries(counters) as Record<(typeof COUNTERS)[number], number>),
    app: String(item['app_id']),
    day: String(item['day']),
    model: String(item['model']),
  });
}

function daysBetween(from: string, to: string): string[] {
  const first = DAY.test(from) ? Date.parse(from) : Number.NaN;
  const last = DAY.test(to) ? Date.parse(to) : Number.NaN;
  const count = (last - first) / DAY_MS + 1;
  if (Number.isNaN(count) || count > MAX_SPEND_DAYS) {
    const message = `Name days like 2026-11-23, at most ${MAX_SPEND_DAYS} of them.`;
    throw new GatewayError('invalid_request', message, { param: 'from' });
  }
  return Array.from({ length: Math.max(0, count) }, (_, i) =>
    new Date(first + i * DAY_MS).toISOString().slice(0, 10),
  );
}
