import { describe, expect, test } from '@jest/globals';
import { dynamoEventReader } from '#aws/dynamo-event-reader.ts';
import { dynamoLedger } from '#aws/dynamo-ledger.ts';
import { hashEvent } from '#core/ledger/chain.ts';
import { LedgerEvent } from '#core/ledger/event.ts';
import { freshCloud } from '../aws/cloud.ts';
import { sampleEvent } from '../contracts/sample-records.ts';
import { consoleBench, storedEvent, TOKENS } from './console-bench.ts';

const token = TOKENS.viewer;
const RANGE = 'from=2026-11-23T00:00:00Z&to=2026-11-23T12:00:00Z';

function verified(line: string): LedgerEvent {
  const event = LedgerEvent.parse(JSON.parse(line));
  const { hash, ...rest } = event;
  expect(hashEvent(rest)).toBe(hash);
  return event;
}

describe('an export of events', () => {
  test('as JSON lines is whole, and the hash of each line holds', async () => {
    const { send } = consoleBench();

    const response = await send(`/api/exports?format=jsonl&${RANGE}`, { token });
    const lines = (await response.text()).trimEnd().split('\n');

    expect(lines.map(verified).map(({ request_id }) => request_id)).toEqual(['r1', 'r0']);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'application/jsonl',
      'content-disposition': 'attachment; filename="keeptrusts-events-2026-11-23.jsonl"',
      'x-keeptrusts-rows': '2',
      'x-keeptrusts-complete': 'true',
      'x-keeptrusts-as-of': '2026-11-23T12:00:00.000Z',
    });
    expect(response.headers.get('x-keeptrusts-next')).toBeNull();
  });

  test('a line is the canonical JSON that the hash was made of, hash aside', async () => {
    const { send } = consoleBench();

    const text = await (await send(`/api/exports?format=jsonl&${RANGE}`, { token })).text();
    const [line = ''] = text.split('\n');

    const names = Object.keys(JSON.parse(line) as object);
    expect(names).toEqual([...names].sort());
  });

  test('as CSV has a head and no cell that a spreadsheet takes for a formula', async () => {
    const evil = storedEvent('r1', { model_requested: '=cmd()', detail: '@x', provider: '+1' });
    const list = async () => ({ events: [evil], complete: true, as_of: '' });
    const { send } = consoleBench({ events: { list, find: async () => [] } });

    const text = await (await send(`/api/exports?format=csv&${RANGE}`, { token })).text();
    const [head = '', row = ''] = text.split('\r\n');

    expect(head).toMatch(/^at,ended_at,event_id,request_id,type,/);
    expect(row.split(',')).toHaveLength(head.split(',').length);
    expect(row).toContain(",'=cmd(),");
    expect(text).not.toMatch(/[,\n][=+@]/);
  });

  test('is an event that says what was taken, with which filters', async () => {
    const { send, events } = consoleBench();

    await send(`/api/exports?format=csv&app=support&verdict=blocked&policy=pii-detector&${RANGE}`, { token });

    expect(events).toMatchObject([
      {
        type: 'console.exported',
        app_id: 'support',
        reviewer: 'vic',
        route: '/api/exports',
        detail: 'verdict=blocked&policy=pii-detector',
        export: {
          what: 'events',
          format: 'csv',
          from: '2026-11-23T00:00:00.000Z',
          to: '2026-11-23T12:00:00.000Z',
          rows: 2,
          complete: true,
        },
      },
    ]);
    expect(LedgerEvent.safeParse(events[0]).success).toBe(true);
  });

  test('that cannot be recorded does not leave', async () => {
    const record = async () => {
      throw new Error('the queue is down');
    };
    const { send } = consoleBench({ record });

    const response = await send(`/api/exports?format=jsonl&${RANGE}`, { token });

    expect(response.status).toBe(503);
    expect(Object.keys((await response.json()) as object)).toEqual(['error']);
  });

  test.each([
    [RANGE, 'format'],
    [`format=xlsx&${RANGE}`, 'format'],
    ['format=csv', 'from'],
    [`format=csv&limit=5&${RANGE}`, 'limit'],
    ['format=csv&from=2026-11-23T02:00:00Z&to=2026-11-23T01:00:00Z', 'after'],
    ['format=csv&from=2024-11-23T02:00:00Z&to=2026-11-23T01:00:00Z', 'days'],
  ])('asked for by %s is refused by name and recorded nowhere', async (query, word) => {
    const { send, events } = consoleBench();

    const response = await send(`/api/exports?${query}`, { token });

    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { message: expect.stringContaining(word) } });
    expect(events).toEqual([]);
  });
});

test.each(['jsonl', 'csv'])(
  'the parts of a long %s export, one after the other, are the whole file',
  async (format) => {
    const cloud = await freshCloud();
    const ledger = dynamoLedger({ ...cloud.tables, client: cloud.client });
    const stored = Array.from({ length: 450 }, (_, i) => sampleEvent({ app_id: `app-${i % 3}` }));
    for (let at = 0; at < stored.length; at += 30)
      await Promise.all(stored.slice(at, at + 30).map((event) => ledger.append(event)));
    const tick = { now: Date.now() };
    const clock = { now: () => (tick.now += 3_000) };
    const reader = dynamoEventReader({ ledgerTable: 'Ledger', client: cloud.client, maxRows: 40 });
    const bench = consoleBench({ events: reader, clock });
    const from = new Date(Date.now() - 3_600_000).toISOString();

    let text = '';
    let rows = 0;
    let at = '';
    const completes: (string | null)[] = [];
    do {
      const part = await bench.send(`/api/exports?format=${format}&from=${from}${at}`, { token });
      expect(part.status).toBe(200);
      text += await part.text();
      rows += Number(part.headers.get('x-keeptrusts-rows'));
      completes.push(part.headers.get('x-keeptrusts-complete'));
      at = `&cursor=${part.headers.get('x-keeptrusts-next')}`;
    } while (completes.at(-1) === 'false');

    const lines = text
      .trimEnd()
      .split(/\r?\n/)
      .slice(format === 'csv' ? 1 : 0);
    expect(rows).toBe(450);
    expect(completes.length).toBeGreaterThan(2);
    expect(new Set(lines).size).toBe(450);
    for (const { event_id } of stored) expect(text).toContain(event_id);
    if (format === 'jsonl') lines.map(verified);
    expect(bench.events.map((event) => [event.export?.rows, event.export?.complete]).length).toBe(
      completes.length,
    );
    expect(bench.events.reduce((sum, event) => sum + (event.export?.rows ?? 0), 0)).toBe(450);
  },
);
