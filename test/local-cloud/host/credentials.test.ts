import { beforeEach, expect, test } from '@jest/globals';
import { hashKey, isWellFormed } from '#core/auth/app-key.ts';
import type { App, AppKey, ConsoleToken } from '#core/ports.ts';
import { type KeyStore, seedCredentials } from '../../../lib/local-cloud/credentials.ts';

const now = new Date('2026-11-23T10:00:00Z');
const apps = [
  { id: 'default', name: 'Default', cost_center: 'shared', dedicated: false },
  {
    id: 'bot',
    name: 'Bot',
    owner: 'team',
    cost_center: 'care',
    models: ['gpt-4o'],
    on_block: 'error',
    dedicated: true,
  },
] as const;

let written: App[];
let keys: Map<string, AppKey>;
let tokens: Map<string, ConsoleToken>;
let store: KeyStore;

beforeEach(() => {
  written = [];
  keys = new Map();
  tokens = new Map();
  store = {
    ring: {
      async findKey(hash) {
        const key = keys.get(hash);
        return key && { key, app: { id: key.appId, name: key.appId } };
      },
      findToken: async (hash) => tokens.get(hash),
      appOfDify: async () => undefined,
    },
    admin: {
      putApp: async (app) => written.push(app) > 0,
      putKey: async (hash, key) => void keys.set(hash, key),
      putToken: async (hash, token) => void tokens.set(hash, token),
      listApps: async () => written,
    },
  };
});

test('every app of the deployment is written with what keys depend on', async () => {
  await seedCredentials(
    store,
    apps.map((app) => ({ ...app, models: [...('models' in app ? app.models : [])] })),
    undefined,
    now,
  );

  expect(written).toMatchObject([
    { id: 'default', costCenter: 'shared' },
    { id: 'bot', owner: 'team', costCenter: 'care', models: ['gpt-4o'], onBlock: 'error' },
  ]);
});

test('a first start makes a key for the default app and a token per role', async () => {
  const made = await seedCredentials(store, [], undefined, now);

  expect(isWellFormed(made.apiKey)).toBe(true);
  expect(keys.get(hashKey(made.apiKey))).toMatchObject({
    appId: 'default',
    prefix: made.apiKey.slice(0, 12),
    createdAt: '2026-11-23T10:00:00.000Z',
  });
  expect(tokens.get(hashKey(made.adminToken))?.prefix).toBe(made.adminToken.slice(0, 8));
  expect(tokens.get(hashKey(made.adminToken))).toMatchObject({ subject: 'admin@local', role: 'admin' });
  expect(tokens.get(hashKey(made.reviewerToken))).toMatchObject({
    subject: 'reviewer@local',
    role: 'reviewer',
  });
  expect(tokens.get(hashKey(made.viewerToken))).toMatchObject({ subject: 'viewer@local', role: 'viewer' });
});

test('what the table still knows is taken again', async () => {
  const first = await seedCredentials(store, [], undefined, now);

  expect(await seedCredentials(store, [], first, now)).toEqual(first);
  expect([keys.size, tokens.size]).toEqual([1, 3]);
});

test('a key that was revoked is replaced', async () => {
  const first = await seedCredentials(store, [], undefined, now);
  const hash = hashKey(first.apiKey);
  keys.set(hash, { ...(keys.get(hash) as AppKey), revokedAt: now.toISOString() });
  const second = await seedCredentials(store, [], first, now);

  expect(second.apiKey).not.toBe(first.apiKey);
  expect(second.adminToken).toBe(first.adminToken);
});

test('credentials of another state are replaced', async () => {
  const first = await seedCredentials(store, [], undefined, now);
  keys.clear();
  tokens.clear();
  const second = await seedCredentials(store, [], first, now);

  expect(Object.values(second).some((value) => Object.values(first).includes(value))).toBe(false);
});
