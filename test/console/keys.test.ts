import { describe, expect, test } from '@jest/globals';
import { hashKey, isWellFormed } from '#core/auth/app-key.ts';
import { consoleBench, TOKENS } from './console-bench.ts';
import { consoleWorld } from './console-world.ts';

function benchOfKeys(over: Parameters<typeof consoleBench>[0] = {}) {
  const bench = consoleBench(over);
  const post = (path: string, body: unknown, token = TOKENS.admin) =>
    bench.send(path, {
      token,
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const create = async () => (await post('/api/keys', { app_id: 'support', name: 'dify' })).json();
  return { ...bench, post, create };
}

test('a key is shown once, and kept as its hash only', async () => {
  const { create, send, keys } = benchOfKeys();

  const made = (await create()) as { id: string; key: string };
  const list = await (await send('/api/keys', { token: TOKENS.admin })).text();

  expect(isWellFormed(made.key)).toBe(true);
  expect([...keys.keys()]).toEqual([hashKey(made.key)]);
  expect(list).toContain(made.id);
  expect(list).not.toContain(made.key);
  expect(JSON.stringify([...keys.values()])).not.toContain(made.key);
});

test('making, replacing, ending and revoking a key are events with who did it', async () => {
  const { create, post, events } = benchOfKeys();
  const { id } = (await create()) as { id: string };

  const { id: next } = (await (await post(`/api/keys/${id}/rotate`, {})).json()) as { id: string };
  await post(`/api/keys/${next}/expire`, { expires_at: '2026-12-01T00:00:00Z' });
  await post(`/api/keys/${next}/revoke`, {});

  expect(events.map(({ type, key_id, reviewer }) => [type, key_id, reviewer])).toEqual([
    ['key.created', id, 'ada'],
    ['key.rotated', next, 'ada'],
    ['key.expired', next, 'ada'],
    ['key.revoked', next, 'ada'],
  ]);
});

test('a replaced key works for a day more, the new one has its name and its app', async () => {
  const { create, post, keys } = benchOfKeys();
  const { id } = (await create()) as { id: string };

  await post(`/api/keys/${id}/rotate`, {});

  expect([...keys.values()]).toMatchObject([
    { id, expiresAt: '2026-11-24T12:00:00.000Z' },
    { appId: 'support', name: 'dify' },
  ]);
});

test('a change that cannot be recorded is not made', async () => {
  const record = () => Promise.reject(new Error('queue is away'));
  const { post, keys, apps } = benchOfKeys({ record });

  const answers = [
    await post('/api/keys', { app_id: 'support', name: 'dify' }),
    await post('/api/apps', { id: 'new-app', name: 'New' }),
  ];

  expect(answers.map(({ status }) => status)).toEqual([503, 503]);
  expect([keys.size, apps.has('new-app')]).toEqual([0, false]);
});

test.each([
  ['/api/keys', { app_id: 'nobody', name: 'x' }, 400],
  ['/api/keys', { app_id: 'support' }, 400],
  ['/api/keys', { app_id: 'support', name: 'x', admin: true }, 400],
  ['/api/keys/key_NOBODY/revoke', {}, 404],
  ['/api/keys/..%2F/revoke', {}, 400],
  ['/api/apps', { id: 'support', name: 'again' }, 400],
  ['/api/apps', { id: 'Not An Id', name: 'x' }, 400],
])('%s refuses %j with %i', async (path, body, status) => {
  const { post, keys, events } = benchOfKeys();

  expect((await post(path, body)).status).toBe(status);
  expect([keys.size, events]).toEqual([0, []]);
});

test('an app gets a budget in micro-dollars, and null takes it back', async () => {
  const { send, apps, events } = benchOfKeys();
  const patch = (body: unknown) =>
    send('/api/apps/support', {
      token: TOKENS.admin,
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });

  await patch({ budget: { monthly_micros: 5_000_000 } });
  expect(apps.get('support')?.budget).toMatchObject({ monthlyMicros: 5_000_000, onExceed: 'block' });
  const { budgets } = (await (await send('/api/budgets', { token: TOKENS.viewer })).json()) as {
    budgets: unknown[];
  };
  expect(budgets).toMatchObject([
    {
      owner: 'app',
      id: 'support',
      period: 'month',
      limit_micros: 5_000_000,
      spent_micros: 40,
      used_micros: 50,
    },
  ]);

  await patch({ budget: null });
  expect(apps.get('support')).toEqual({ id: 'support', name: 'Support bot', costCenter: 'cc-7' });
  expect(events.map(({ type }) => type)).toEqual(['app.changed', 'app.changed']);
});

test.each([
  ['PATCH', '/api/apps/support', { budget: { daily_micros: 5, on_exceed: 'downgrade:tiny' } }],
  ['POST', '/api/apps', { id: 'bot', name: 'Bot', budget: { daily_micros: 5, on_exceed: 'downgrade:tiny' } }],
  [
    'POST',
    '/api/keys',
    { app_id: 'support', name: 'k', budget: { daily_micros: 5, on_exceed: 'downgrade:tiny' } },
  ],
])('%s %s refuses a model to fall back to that the pack lacks', async (method, path, body) => {
  const { send, events } = benchOfKeys();
  const headers = { 'content-type': 'application/json' };

  const response = await send(path, { token: TOKENS.admin, method, headers, body: JSON.stringify(body) });

  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({
    error: { message: expect.stringContaining('does not have; it has gpt-4o-mini') },
  });
  expect(events).toEqual([]);
});

test.each(['two\nlines', 'a\ttab', 'n'.repeat(201)])(
  'a name is one line of at most 200 characters: %j',
  async (name) => {
    const { post, keys } = benchOfKeys();

    expect((await post('/api/keys', { app_id: 'support', name })).status).toBe(400);
    expect((await post('/api/apps', { id: 'bot', name })).status).toBe(400);
    expect(keys.size).toBe(0);
  },
);
test('a key is limited to routes there are, as they are registered', async () => {
  const { post, keys } = benchOfKeys();
  const wish = (route: string) => ({ app_id: 'support', name: 'dify', routes: [route] });

  expect((await post('/api/keys', wish('/v1/embeddings/'))).status).toBe(201);
  const refused = await post('/api/keys', wish('/v1/embedding'));

  expect([...keys.values()]).toMatchObject([{ routes: ['/embeddings'] }]);
  expect(refused.status).toBe(400);
  expect(await refused.text()).toContain(
    'routes.0: there is no such route: use routes of /v1/chat/completions',
  );
});

describe('two admins at one app', () => {
  const bench = () => {
    const world = benchOfKeys();
    const patch = (body: unknown) =>
      world.send('/api/apps/support', {
        token: TOKENS.admin,
        method: 'PATCH',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    const seen = async () => {
      const { apps } = (await (await world.send('/api/apps', { token: TOKENS.admin })).json()) as {
        apps: { id: string; version: string }[];
      };
      return apps.find(({ id }) => id === 'support')?.version;
    };
    return { ...world, patch, seen };
  };

  test('the second hears that the app was changed, and nothing of the first is lost', async () => {
    const { patch, seen, apps, events } = bench();
    const version = await seen();

    expect((await patch({ version, owner: 'ann' })).status).toBe(200);
    const second = await patch({ version, owner: 'bob' });

    expect(second.status).toBe(409);
    expect(await second.json()).toMatchObject({
      error: { code: 'changed_meanwhile', message: expect.stringContaining('Load it again') },
    });
    expect(apps.get('support')?.owner).toBe('ann');
    expect(events).toHaveLength(1);
  });

  test('the second succeeds with the version it loaded again', async () => {
    const { patch, seen, apps } = bench();
    const { version } = (await (await patch({ version: await seen(), owner: 'ann' })).json()) as {
      version: string;
    };
    expect(version).toBe(await seen());

    expect((await patch({ version, cost_center: 'care' })).status).toBe(200);
    expect(apps.get('support')).toMatchObject({ owner: 'ann', costCenter: 'care' });
  });

  test('without a version, a change between look and write is still not overwritten', async () => {
    const { world, apps } = consoleWorld();
    apps.set('support', { id: 'support', name: 'Support bot' });
    const admin = {
      ...world.admin,
      putApp: async (...[app, act, over]: Parameters<typeof world.admin.putApp>) => {
        apps.set('support', { id: 'support', name: 'Changed by somebody faster' });
        return world.admin.putApp(app, act, over);
      },
    };
    const { send } = consoleBench({ admin, apps: async () => [...apps.values()] });

    const response = await send('/api/apps/support', {
      token: TOKENS.admin,
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ owner: 'bob' }),
    });

    expect(response.status).toBe(409);
    expect(apps.get('support')).toEqual({ id: 'support', name: 'Changed by somebody faster' });
  });
});
