import { type DynamoDBDocumentClient, paginateQuery } from '@aws-sdk/lib-dynamodb';
import { LedgerEvent } from '#core/ledger/event.ts';
import { eventMatcher } from '#core/ledger/event-matcher.ts';
import type { Clock, EventFilter, EventPage, EventReader } from '#core/ports.ts';
import { documentClient } from './dynamo-client.ts';
import { MAX_PAGE, type Partition, readPartition } from './dynamo-partition.ts';
import { type Position, writeCursor } from './event-cursor.ts';
import { dayBefore, type EventRange, rangeOf } from './event-range.ts';
import { partitionOf, SHARDS } from './ledger-item.ts';
import { newestFirst } from './newest-first.ts';
import { systemClock } from './system-clock.ts';

export interface EventReaderOptions {
  readonly ledgerTable: string;
  readonly client?: DynamoDBDocumentClient;
  readonly clock?: Clock;
  /** Rows looked at for one page; a page may end early with a cursor. Default 5000. */
  readonly maxRows?: number;
  /** Days looked at for one page. Default 31. */
  readonly maxDays?: number;
}

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 1000;

/**
 * Reads the ledger newest first: by the day a call began, then by event id. A page that was cut by a bound has `next` and is not
 * `complete`; paging until `complete` gives every event of the range once.
 */
export function dynamoEventReader(options: EventReaderOptions): EventReader {
  const {
    ledgerTable,
    client = documentClient(),
    clock = systemClock,
    maxRows = 5000,
    maxDays = 31,
  } = options;

  /** The partitions that hold what a filter may find on a day. */
  async function partitions(filter: EventFilter, day: string): Promise<Partition[]> {
    const { verdict } = filter;
    const named = namedApps(filter);
    if (verdict !== undefined && verdict !== 'allowed' && verdict !== 'none' && !named) {
      return [{ table: ledgerTable, index: 'byVerdict', key: `${verdict}#${day}` }];
    }
    const apps = named ?? (await appsOf(day));
    return apps.flatMap((app) =>
      Array.from({ length: SHARDS }, (_, shard) => ({
        table: ledgerTable,
        key: partitionOf(app, day, shard),
      })),
    );
  }

  async function appsOf(day: string): Promise<string[]> {
    const query = {
      TableName: ledgerTable,
      KeyConditionExpression: 'pk = :day',
      ExpressionAttributeValues: { ':day': `DAY#${day}` },
      ConsistentRead: true,
    };
    const apps: string[] = [];
    for await (const { Items = [] } of paginateQuery({ client }, query)) {
      apps.push(...Items.map((item) => String(item['app_id'])));
    }
    return apps;
  }

  /** The rows of one day, newest first, below the position if it is on that day. A page is shared out over the partitions. */
  async function* rowsOf(filter: EventFilter, day: string, start: Position, limit: number) {
    const before = day === start.day ? start.id : undefined;
    const found = await partitions(filter, day);
    const share = Math.ceil((2 * limit) / Math.max(found.length, 1)) + 4;
    const pageSize = dropsRows(filter) ? MAX_PAGE : Math.min(share, MAX_PAGE);
    const reading = { before, pageSize, now: Math.floor(clock.now() / 1000) };
    yield* newestFirst(found.map((partition) => readPartition(client, partition, reading)));
  }

  async function page(
    filter: EventFilter,
    range: EventRange,
    limit: number,
  ): Promise<{ events: LedgerEvent[]; stop?: Position }> {
    const inRange = { ...filter, from: range.from, ...(range.to ? { to: range.to } : {}) };
    const matches = eventMatcher(inRange, Date.parse);
    const lastDay = range.from.slice(0, 10);
    const events: LedgerEvent[] = [];
    let day = range.start.day;
    let rows = 0;
    let stop = range.start;
    for (let days = 0; day >= lastDay; days += 1, day = dayBefore(day)) {
      if (days === maxDays) return { events, stop: { day } };
      for await (const row of rowsOf(filter, day, range.start, limit)) {
        if (events.length === limit || rows === maxRows) return { events, stop };
        rows += 1;
        stop = { day, id: row.id };
        const stored = JSON.parse(row.json) as LedgerEvent;
        if (matches(stored)) events.push(LedgerEvent.parse(stored));
      }
    }
    return { events };
  }

  /** The few events of one request need no walk over the days. */
  async function ofRequest(
    filter: EventFilter,
    requestId: string,
  ): Promise<Pick<EventPage, 'events' | 'complete'>> {
    const events = (await find(requestId)).filter(eventMatcher(filter, Date.parse));
    return { events: events.reverse(), complete: true };
  }

  async function find(requestId: string): Promise<LedgerEvent[]> {
    if (requestId === '') return [];
    const query = {
      TableName: ledgerTable,
      IndexName: 'byRequest',
      KeyConditionExpression: 'request_id = :request',
      FilterExpression: 'attribute_not_exists(#expires) OR #expires > :now',
      ExpressionAttributeNames: { '#expires': 'expires' },
      ExpressionAttributeValues: { ':request': requestId, ':now': Math.floor(clock.now() / 1000) },
    };
    const events: LedgerEvent[] = [];
    for await (const { Items = [] } of paginateQuery({ client }, query)) {
      events.push(...Items.map((item) => LedgerEvent.parse(JSON.parse(String(item['event'])))));
    }
    return events;
  }

  return {
    find,
    async list(filter): Promise<EventPage> {
      const as_of = new Date(clock.now()).toISOString();
      if (filter.requestId !== undefined) return { ...(await ofRequest(filter, filter.requestId)), as_of };
      const limit = Math.min(Math.max(Math.trunc(filter.limit ?? DEFAULT_LIMIT), 1), MAX_LIMIT);
      const range = rangeOf(filter, clock.now());
      const { events, stop } = await page(filter, range, limit);
      if (!stop) return { events, complete: true, as_of };
      return { events, next: writeCursor(stop, filter, range.from, range.to), complete: false, as_of };
    },
  };
}

/** The apps that a filter names; undefined = all. */
function namedApps({ appId, appIds }: EventFilter): readonly string[] | undefined {
  if (appId === undefined) return appIds;
  return !appIds || appIds.includes(appId) ? [appId] : [];
}

/** Filters that no key answers: many rows are read for one that passes. */
function dropsRows({ verdict, ...filter }: EventFilter): boolean {
  const { outcome, model, provider, policy, reason, subject, keyId } = filter;
  const parts = [outcome, model, provider, policy, reason, subject, keyId];
  const beside = parts.some((part) => part !== undefined);
  return beside || (verdict !== undefined && namedApps(filter) !== undefined);
}
