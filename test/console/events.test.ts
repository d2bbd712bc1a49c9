import { expect, test } from '@jest/globals';
import { consoleBench, TOKENS } from './console-bench.ts';

const token = TOKENS.viewer;

test('events are answered as the reader gave them', async () => {
  const { send } = consoleBench();

  expect(await (await send('/api/events', { token })).json()).toMatchObject({
    events: [{ request_id: 'r1', app_id: 'support' }],
    next: expect.stringMatching(/^more\./),
    complete: false,
    as_of: '2026-11-23T12:00:00.000Z',
  });
});

test('every filter reaches the reader', async () => {
  const { send, filters } = consoleBench();
  const query =
    'app=support&verdict=blocked&outcome=blocked&model=gpt-4o&provider=openai&policy=pii-detector&request_id=r1' +
    `&reason=pii.email&end_user=${'0a'.repeat(32)}&key=key_1` +
    '&from=2026-11-23T01:00:00%2B01:00&to=2026-11-23T02:00:00Z&limit=200';

  await send(`/api/events?${query}`, { token });

  expect(filters).toEqual([
    {
      appId: 'support',
      verdict: 'blocked',
      outcome: 'blocked',
      model: 'gpt-4o',
      provider: 'openai',
      policy: 'pii-detector',
      reason: 'pii.email',
      subject: '0a'.repeat(32),
      keyId: 'key_1',
      requestId: 'r1',
      from: '2026-11-23T00:00:00.000Z',
      to: '2026-11-23T02:00:00.000Z',
      limit: 200,
    },
  ]);
});

test('a list without a limit has fifty events at most', async () => {
  const { send, filters } = consoleBench();

  await send('/api/events', { token });

  expect(filters).toEqual([{ limit: 50 }]);
});

test.each([
  ['limit=201', 'limit'],
  ['limit=0', 'limit'],
  ['limit=ten', 'limit'],
  ['verdict=nice', 'verdict'],
  ['outcome=fine', 'outcome'],
  ['from=yesterday', 'from'],
  ['from=2026-11-23', 'from'],
  ['from=2026-11-23T02:00:00Z&to=2026-11-23T01:00:00Z', 'after'],
  ['from=2024-11-23T02:00:00Z&to=2026-11-23T01:00:00Z', 'days'],
  ['request_id=a%2Fb', 'request_id'],
  ['app=', 'app'],
  [`model=${'m'.repeat(201)}`, 'model'],
  ['end_user=ann%40example.com', 'end_user'],
  ['key=key%201', 'key'],
  ['colour=red', 'colour'],
  ['app=a&app=b', 'app'],
])('the query %s is refused by name', async (query, word) => {
  const { send, filters } = consoleBench();

  const response = await send(`/api/events?${query}`, { token });

  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({
    error: { code: 'invalid_request', message: expect.stringContaining(word) },
  });
  expect(filters).toEqual([]);
});

test('all events of one request are found by its id', async () => {
  const { send } = consoleBench();

  const body = await (await send('/api/events/r1', { token })).json();

  expect(body).toMatchObject({ request_id: 'r1', events: [{ event_id: 'event-of-r1' }] });
});

test('a request without events is not found', async () => {
  const { send } = consoleBench();

  expect((await send('/api/events/r2', { token })).status).toBe(404);
});

test.each(['..%2F..%2Fsecrets', '%00', 'a'.repeat(65), '%E0%A4'])('the id %s is refused', async (id) => {
  const { send } = consoleBench();

  expect((await send(`/api/events/${id}`, { token })).status).toBe(400);
});
