import { expect, test } from '@jest/globals';
import { formatKey, hashKey, tokenId } from '#core/auth/app-key.ts';
import { consoleBench, consoleToken, TOKENS } from './console-bench.ts';

const decision = JSON.stringify({ state: 'approved', reason: 'fine' });
const post = { method: 'POST', headers: { 'content-type': 'application/json' }, body: decision };

function json(method: string, body: unknown) {
  return { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

const ROUTES = [
  ['/api/me', {}, 'viewer'],
  ['/api/apps', {}, 'viewer'],
  ['/api/overview', {}, 'viewer'],
  ['/api/policies', {}, 'viewer'],
  ['/api/policies/try', json('POST', { prompt: 'hello' }), 'viewer'],
  ['/api/budgets', {}, 'viewer'],
  ['/api/apps', json('POST', { id: 'new-app', name: 'New' }), 'admin'],
  ['/api/apps/support', json('PATCH', { name: 'Other' }), 'admin'],
  ['/api/keys', {}, 'admin'],
  ['/api/keys', json('POST', { app_id: 'support', name: 'dify' }), 'admin'],
  ['/api/events', {}, 'viewer'],
  ['/api/events/r1', {}, 'viewer'],
  ['/api/exports?format=csv&from=2026-11-23T00:00:00Z', {}, 'viewer'],
  ['/api/spend', {}, 'viewer'],
  ['/api/reviews?state=open', {}, 'viewer'],
  ['/api/reviews/c1', {}, 'reviewer'],
  ['/api/reviews/c1/decide', post, 'reviewer'],
  ['/api/reviews/c1/claim', post, 'reviewer'],
] as const;

const RANK = ['nobody', 'viewer', 'reviewer', 'admin'] as const;

const matrix = ROUTES.flatMap(([path, init, needed]) =>
  RANK.map((role) => {
    const enough = RANK.indexOf(role) >= RANK.indexOf(needed);
    return [path, role, role === 'nobody' ? 401 : enough ? 200 : 403, init] as const;
  }),
);

test.each(matrix)('%s answers %s with %i', async (path, role, status, init) => {
  const { send, cases, events, keys } = consoleBench();
  const token = role === 'nobody' ? {} : { token: TOKENS[role] };

  const response = await send(path, { ...init, ...token });

  expect(response.status === 201 ? 200 : response.status).toBe(status);
  if (status === 200) return;
  expect(await response.json()).toEqual({ error: { message: expect.any(String), code: expect.any(String) } });
  expect([cases.get('c1')?.state, events, keys.size]).toEqual(['open', [], 0]);
});

test('an app key cannot read', async () => {
  const { send, lookups } = consoleBench();

  const response = await send('/api/events', { token: formatKey(new Uint8Array(20)) });

  expect(response.status).toBe(401);
  expect(await response.json()).toMatchObject({ error: { message: expect.stringContaining('app key') } });
  expect(lookups).toEqual([]);
});

test('an expired token is refused', async () => {
  const { send } = consoleBench();

  const response = await send('/api/me', { token: consoleToken(5) });

  expect(response.status).toBe(401);
  expect(await response.json()).toMatchObject({ error: { message: expect.stringContaining('expired') } });
});

test('a malformed token never reaches the store', async () => {
  const { send, lookups } = consoleBench();

  const response = await send('/api/me', { token: `${TOKENS.viewer.slice(0, -1)}a` });

  expect([response.status, lookups]).toEqual([401, []]);
});

test.each([
  'Basic dXNlcjpwYXNz',
  `Bearer ${TOKENS.viewer}, Bearer ${TOKENS.admin}`,
  `Bearer ${'a'.repeat(300)}`,
  'Bearer',
  TOKENS.viewer,
])('the authorization "%s" is refused with a challenge', async (authorization) => {
  const { send } = consoleBench();

  const response = await send('/api/me', { headers: { authorization } });

  expect([response.status, response.headers.get('www-authenticate')]).toEqual([
    401,
    'Bearer realm="keeptrusts"',
  ]);
});

test('a token in the query opens nothing', async () => {
  const { send } = consoleBench();

  expect((await send(`/api/me?token=${TOKENS.admin}`)).status).toBe(401);
});

test('the health of the console is public', async () => {
  const { send } = consoleBench();

  const response = await send('/api/health');

  expect(response.status).toBe(200);
  expect(await response.json()).toMatchObject({ status: 'ok', environment: 'test', version: '1.2.3' });
});

test('me says who is signed in', async () => {
  const { send } = consoleBench();

  expect(await (await send('/api/me', { token: TOKENS.admin })).json()).toEqual({
    subject: 'ada',
    role: 'admin',
    roles: { '*': 'admin' },
    environment: 'test',
    expires_at: '2026-11-24T00:00:00.000Z',
  });
});

test('me says where apps call, dedicated ones apart', async () => {
  const gatewayUrls = { '*': 'https://all.example/', bot: 'https://bot.example/' };
  const { send } = consoleBench({}, { gatewayUrls });

  expect(await (await send('/api/me', { token: TOKENS.viewer })).json()).toMatchObject({
    gateway_url: 'https://all.example',
    dedicated_gateways: { bot: 'https://bot.example' },
  });
});

test.each([
  ['/api/nothing', 'GET', 404, null],
  ['/api/events/r1/more', 'GET', 404, null],
  ['/api/events', 'POST', 405, 'GET'],
  ['/api/events/r1', 'DELETE', 405, 'GET'],
  ['/api/reviews/c1/decide', 'GET', 405, 'POST'],
  ['/api/health', 'POST', 405, 'GET'],
])('%s by %s answers %i', async (path, method, status, allow) => {
  const { send } = consoleBench();

  const response = await send(path, { method, token: TOKENS.admin });

  expect([response.status, response.headers.get('allow')]).toEqual([status, allow]);
});

test.each(['/api/me', '/api/health', '/api/nothing', '/nothing'])(
  '%s is guarded by its headers',
  async (path) => {
    const { send } = consoleBench();

    const { headers } = await send(path, {
      token: TOKENS.viewer,
      headers: { origin: 'https://evil.example' },
    });

    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'/);
    expect(headers.get('content-security-policy')).not.toContain('unsafe');
    expect(headers.get('access-control-allow-origin')).toBeNull();
  },
);

test('a preflight from another origin is not answered', async () => {
  const { send } = consoleBench();

  const response = await send('/api/events', {
    method: 'OPTIONS',
    headers: { origin: 'https://evil.example' },
  });

  expect(response.status).toBe(401);
});

test('an unforeseen failure says nothing about its reason', async () => {
  const { send, errors } = consoleBench({
    apps: async () => {
      throw new TypeError('table kt-dev-State: secret thing');
    },
  });

  const response = await send('/api/apps', { token: TOKENS.viewer });

  expect(response.status).toBe(500);
  expect(await response.text()).not.toContain('secret');
  expect(errors).toEqual([{ message: 'console failed', error: 'TypeError' }]);
});

test('the use of a token that opens the console is noted, by its id; of one that does not, nothing is', async () => {
  const used: string[] = [];
  const { send } = consoleBench({ tokenUsed: async (id) => void used.push(id) });

  await send('/api/me', { token: TOKENS.viewer });
  await send('/api/me', { token: consoleToken(5) });
  await send('/api/me', { token: consoleToken(99) });

  expect(used).toEqual([tokenId(hashKey(TOKENS.viewer))]);
});
