import { expect, test } from '@jest/globals';
import { ulid } from 'ulid';
import { dynamoEventReader } from '#aws/dynamo-event-reader.ts';
import { dynamoLedger } from '#aws/dynamo-ledger.ts';
import type { LedgerEvent } from '#core/ledger/event.ts';
import type { EventFilter, EventReader } from '#core/ports.ts';
import { sampleEvent } from '../contracts/sample-records.ts';
import { type Cloud, freshCloud } from './cloud.ts';

const DAY_MS = 86_400_000;
const NOON = Date.parse(`${new Date().toISOString().slice(0, 10)}T12:00:00.000Z`);
const clock = { now: () => NOON + 1000 };

/** Events of four apps over some days before today's noon, oldest first. */
async function fill(cloud: Cloud, count: number, days: number): Promise<LedgerEvent[]> {
  const ledger = dynamoLedger({ ...cloud.tables, client: cloud.client });
  const events = Array.from({ length: count }, (_, i) => {
    const ms = NOON - Math.floor(((count - 1 - i) * days * DAY_MS) / count);
    const at = new Date(ms).toISOString();
    const verdict = i % 5 === 0 ? ('blocked' as const) : ('allowed' as const);
    return sampleEvent({ event_id: ulid(ms), at, ended_at: at, app_id: `app-${i % 4}`, verdict });
  });
  await Promise.all(events.map((event) => ledger.append(event)));
  return events;
}

async function pageThrough(
  reader: EventReader,
  filter: EventFilter,
): Promise<{ events: LedgerEvent[]; pages: number }> {
  const events: LedgerEvent[] = [];
  let cursor: string | undefined;
  for (let pages = 1; pages < 1000; pages += 1) {
    const page = await reader.list({ ...filter, ...(cursor ? { cursor } : {}) });
    events.push(...page.events);
    if (page.complete) return { events, pages };
    cursor = page.next;
  }
  throw new Error('paging does not end');
}

const ids = (events: readonly LedgerEvent[]) => events.map((event) => event.event_id);
const from = new Date(NOON - 20 * DAY_MS).toISOString();

test.each([3, 10, 1000])(
  'pages of %d give apps, shards and days in one order without gaps',
  async (limit) => {
    const cloud = await freshCloud();
    const events = await fill(cloud, 48, 3);
    const reader = dynamoEventReader({ ledgerTable: 'Ledger', client: cloud.client, clock });

    const all = await pageThrough(reader, { from, limit });
    const ofApp = await pageThrough(reader, { from, limit, appId: 'app-1' });
    const blocked = await pageThrough(reader, { from, limit, verdict: 'blocked' });

    expect(ids(all.events)).toEqual(ids(events).reverse());
    expect(ids(ofApp.events)).toEqual(ids(events.filter((event) => event.app_id === 'app-1')).reverse());
    expect(ids(blocked.events)).toEqual(ids(events.filter((event) => event.verdict === 'blocked')).reverse());
  },
);

test('a rare match ends a page early, and paging on still finds it', async () => {
  const cloud = await freshCloud();
  const [oldest] = await fill(cloud, 60, 1);
  const reader = dynamoEventReader({ ledgerTable: 'Ledger', client: cloud.client, clock, maxRows: 10 });

  const filter = { from, to: oldest?.at ?? '' };
  const first = await reader.list(filter);
  const all = await pageThrough(reader, filter);

  expect(first).toMatchObject({ events: [], complete: false });
  expect(ids(all.events)).toEqual([oldest?.event_id]);
  expect(all.pages).toBeGreaterThan(1);
});

test('a long empty range is walked a month per page', async () => {
  const cloud = await freshCloud();
  const old = sampleEvent({ at: new Date(NOON - 100 * DAY_MS).toISOString() });
  await dynamoLedger({ ...cloud.tables, client: cloud.client }).append(old);
  const reader = dynamoEventReader({ ledgerTable: 'Ledger', client: cloud.client, clock });

  const { events, pages } = await pageThrough(reader, { from: new Date(NOON - 120 * DAY_MS).toISOString() });

  expect(events).toEqual([old]);
  expect(pages).toBe(4);
});

test('a cursor keeps the range of its first page while time goes on', async () => {
  const cloud = await freshCloud();
  const events = await fill(cloud, 6, 1);
  const state = { now: NOON + 1000 };
  const reader = dynamoEventReader({
    ledgerTable: 'Ledger',
    client: cloud.client,
    clock: { now: () => state.now },
  });
  const first = await reader.list({ limit: 3 });
  state.now += 5 * DAY_MS;

  const second = await reader.list({ limit: 10, cursor: first.next ?? '' });

  expect(ids([...first.events, ...second.events])).toEqual(ids(events).reverse());
});

test('a cursor of another query is refused', async () => {
  const cloud = await freshCloud();
  await fill(cloud, 10, 1);
  const reader = dynamoEventReader({ ledgerTable: 'Ledger', client: cloud.client, clock });
  const { next = '' } = await reader.list({ limit: 2, appId: 'app-1' });

  await expect(reader.list({ limit: 2, appId: 'app-2', cursor: next })).rejects.toMatchObject({
    code: 'invalid_request',
    param: 'cursor',
  });
});

test.each([{ from: 'yesterday' }, { to: '2026-13-45' }])(
  'a range that is no time is refused: %j',
  async (filter) => {
    const cloud = await freshCloud();
    const reader = dynamoEventReader({ ledgerTable: 'Ledger', client: cloud.client, clock });

    await expect(reader.list(filter)).rejects.toMatchObject({ code: 'invalid_request' });
  },
);

test('an event past its retention is not shown, although it is still in the table', async () => {
  const cloud = await freshCloud();
  const event = sampleEvent({ app_id: 'support' });
  await dynamoLedger({ ...cloud.tables, retentionDays: 2, client: cloud.client }).append(event);
  const past = { now: () => Date.now() + 2 * DAY_MS + 1000 };
  const reader = dynamoEventReader({ ledgerTable: 'Ledger', client: cloud.client, clock: past });
  const range = { from: new Date(Date.now() - DAY_MS).toISOString(), appId: 'support' };

  expect((await reader.list(range)).events).toEqual([]);
  expect(await reader.find(event.request_id)).toEqual([]);
  expect(await cloud.items('Ledger')).not.toEqual([]);
});
