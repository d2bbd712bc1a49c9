import { expect, test } from '@jest/globals';
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
  'from=2025-11-22&to=2026-11-23',
  'by=app',
])('the query %s is refused', async (query) => {
  const { send, usageCalls } = consoleBench();

  expect([(await send(`/api/spend?${query}`, { token })).status, usageCalls]).toEqual([400, []]);
});

test('apps are listed without keys', async () => {
  const { send } = consoleBench();

  expect(await (await send('/api/apps', { token })).json()).toEqual({
    apps: [{ id: 'support', name: 'Support bot', cost_center: 'cc-7' }],
  });
});
