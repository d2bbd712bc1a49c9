import { expect, test } from '@jest/globals';
import { consoleBench, TOKENS } from './console-bench.ts';

const CHANGES = [
  ['/api/keys', 'POST', { app_id: 'support', name: 'x' }],
  ['/api/apps', 'POST', { id: 'new-app', name: 'x' }],
  ['/api/apps/support', 'PATCH', { name: 'x' }],
  ['/api/reviews/c1/decide', 'POST', { state: 'approved', reason: 'x' }],
] as const;

const FOREIGN: readonly Record<string, string>[] = [
  { 'sec-fetch-site': 'cross-site' },
  { 'sec-fetch-site': 'same-site' },
  { 'sec-fetch-site': 'none' },
  { origin: 'https://evil.example' },
  { origin: 'null' },
  { 'content-type': 'text/plain' },
  { 'content-type': 'application/x-www-form-urlencoded' },
  { 'content-type': 'multipart/form-data; boundary=x' },
];

const matrix = CHANGES.flatMap(([path, method, body]) =>
  FOREIGN.map((headers) => [method, path, headers, body] as const),
);

test.each(matrix)(
  '%s %s with %j is refused, even with an admin token',
  async (method, path, headers, body) => {
    const { send, keys, apps, cases } = consoleBench();
    const before = JSON.stringify([...apps]);

    const response = await send(path, {
      token: TOKENS.admin,
      method,
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });

    expect([403, 415]).toContain(response.status);
    expect([keys.size, JSON.stringify([...apps]), cases.get('c1')?.state]).toEqual([0, before, 'open']);
  },
);

test.each(CHANGES)('%s takes no cookie for a sign-in', async (path, method, body) => {
  const { send } = consoleBench();

  const response = await send(path, {
    method,
    headers: { 'content-type': 'application/json', cookie: `token=${TOKENS.admin}` },
    body: JSON.stringify(body),
  });

  expect([response.status, response.headers.get('set-cookie')]).toEqual([401, null]);
});

test('the page of the console itself may change things', async () => {
  const { send } = consoleBench();

  const response = await send('/api/keys', {
    token: TOKENS.admin,
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'sec-fetch-site': 'same-origin',
      origin: 'https://kt.example',
    },
    body: JSON.stringify({ app_id: 'support', name: 'x' }),
  });

  expect(response.status).toBe(201);
});
