import { describe, expect, test } from '@jest/globals';
import { FOCUS_COLUMNS } from '#core/cost/focus.ts';
import { LedgerEvent } from '#core/ledger/event.ts';
import { sampleRow } from '../contracts/sample-records.ts';
import { consoleBench, TOKENS } from './console-bench.ts';

const token = TOKENS.viewer;

test('spend is answered by row with a total', async () => {
  const { send } = consoleBench();

  expect(await (await send('/api/spend', { token })).json()).toMatchObject({
    rows: [
      { day: '2026-11-22' },
      {
        app_id: 'support',
        day: '2026-11-23',
        model: 'm',
        calls: 1,
        blocked: 0,
        input_tokens: 1,
        output_tokens: 2,
        cost_micros: 3,
        unpriced: 1,
        quantities: { input: 1, output: 2, cached_input: 0, judge_input: 0 },
      },
    ],
    total: { calls: 3, blocked: 1, input_tokens: 11, output_tokens: 7, cost_micros: 10, unpriced: 1 },
  });
});

test.each([
  ['', ['2026-10-25', '2026-11-23', undefined]],
  ['?to=2026-03-30', ['2026-03-01', '2026-03-30', undefined]],
  ['?from=2026-11-01&to=2026-11-01&app=support', ['2026-11-01', '2026-11-01', 'support']],
])('the period of "%s" is %j', async (query, call) => {
  const { send, usageCalls } = consoleBench();

  await send(`/api/spend${query}`, { token });

  expect(usageCalls).toEqual([call]);
});

test.each([
  'from=2026-13-01',
  'from=2026-02-30',
  'from=2026-11-23T00:00:00Z',
  'from=2026-11-02&to=2026-11-01',
  'from=2025-10-19&to=2026-11-23',
  'by=user',
  'by=app,app',
  'by=',
  'format=xlsx',
  'format=focus&by=app',
])('the query %s is refused', async (query) => {
  const { send, usageCalls } = consoleBench();

  expect([(await send(`/api/spend?${query}`, { token })).status, usageCalls]).toEqual([400, []]);
});

test('400 days are one answer, as many as the reader takes', async () => {
  const { send, usageCalls } = consoleBench();

  expect((await send('/api/spend?from=2025-10-20&to=2026-11-23', { token })).status).toBe(200);
  expect(usageCalls).toHaveLength(1);
});

test('lines are summed by what is asked for', async () => {
  const { send } = consoleBench();

  const body = await (await send('/api/spend?by=app', { token })).json();

  expect(body).toEqual({
    from: '2026-10-25',
    to: '2026-11-23',
    by: ['app'],
    lines: [
      {
        app: 'support',
        calls: 3,
        blocked: 1,
        input_tokens: 11,
        output_tokens: 7,
        cost_micros: 10,
        unpriced: 1,
      },
    ],
    total: { calls: 3, blocked: 1, input_tokens: 11, output_tokens: 7, cost_micros: 10, unpriced: 1 },
    complete: true,
    as_of: '2026-11-23T12:00:00.000Z',
  });
});

describe('a download', () => {
  test.each([
    [
      'format=csv',
      'text/csv; charset=utf-8',
      'keeptrusts-spend-2026-10-25-2026-11-23.csv',
      'app,model,calls,blocked,input,output,usd,unpriced\r\nsupport,m,3,1,11,7,0.000010,1\r\n',
    ],
    [
      'format=csv&by=day',
      'text/csv; charset=utf-8',
      'keeptrusts-spend-2026-10-25-2026-11-23.csv',
      'day,calls,blocked,input,output,usd,unpriced\r\n2026-11-22,2,1,10,5,0.000007,0\r\n2026-11-23,1,0,1,2,0.000003,1\r\n',
    ],
  ])('%s is a file of exact sums', async (query, type, name, text) => {
    const { send } = consoleBench();

    const response = await send(`/api/spend?${query}`, { token });

    expect([
      response.headers.get('content-type'),
      response.headers.get('content-disposition'),
      await response.text(),
    ]).toEqual([type, `attachment; filename="${name}"`, text]);
  });

  test('as JSON is the answer itself', async () => {
    const { send } = consoleBench();

    const shown = await send('/api/spend?by=app,day', { token });
    const file = await send('/api/spend?by=app,day&format=json', { token });

    expect(file.headers.get('content-disposition')).toMatch(/\.json"$/);
    expect(await file.json()).toEqual(await shown.json());
  });

  test('as FOCUS has a row per app, model and day of the environment', async () => {
    const { send } = consoleBench();

    const text = await (await send('/api/spend?format=focus', { token })).text();
    const [head = '', ...rows] = text.trimEnd().split('\r\n');

    expect(head.split(',')).toEqual([...FOCUS_COLUMNS]);
    expect(rows).toHaveLength(2);
    expect(rows[0]).toContain(',test,Keeptrusts test,');
  });

  test('holds no cell that a spreadsheet takes for a formula', async () => {
    const usage = { usage: async () => [sampleRow({ model: '=cmd()' })] };
    const { send } = consoleBench({ usage });

    for (const format of ['csv', 'focus'])
      expect(await (await send(`/api/spend?format=${format}`, { token })).text()).not.toMatch(/[,\n]=/);
  });

  test.each([
    ['format=csv&by=app', { format: 'csv', rows: 1 }, '*'],
    ['format=json&by=day', { format: 'json', rows: 2 }, '*'],
    ['format=focus&app=support', { format: 'focus', rows: 2 }, 'support'],
  ])('%s is an event that says what was taken, not what was in it', async (query, facts, app) => {
    const { send, events } = consoleBench();

    await send(`/api/spend?from=2026-11-01&to=2026-11-23&${query}`, { token });

    expect(events).toMatchObject([
      {
        type: 'console.exported',
        app_id: app,
        reviewer: 'vic',
        route: '/api/spend',
        export: { what: 'spend', from: '2026-11-01', to: '2026-11-23', complete: true, ...facts },
      },
    ]);
    expect(LedgerEvent.safeParse(events[0]).success).toBe(true);
  });

  test('that cannot be recorded is not made', async () => {
    const record = async () => {
      throw new Error('the queue is down');
    };
    const { send } = consoleBench({ record });

    const response = await send('/api/spend?format=csv', { token });

    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ error: { code: 'audit_unavailable' } });
  });

  test('that is only looked at is no event', async () => {
    const { send, events } = consoleBench();

    await send('/api/spend?by=app', { token });

    expect(events).toEqual([]);
  });
});

test('apps are listed without keys', async () => {
  const { send } = consoleBench();

  expect(await (await send('/api/apps', { token })).json()).toEqual({
    apps: [
      {
        id: 'support',
        name: 'Support bot',
        cost_center: 'cc-7',
        version: expect.stringMatching(/^[0-9a-f]{16}$/),
      },
    ],
  });
});
