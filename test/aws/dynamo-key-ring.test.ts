import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { expect, test } from '@jest/globals';
import { dynamoKeyAdmin } from '#aws/dynamo-key-admin.ts';
import { dynamoKeyRing } from '#aws/dynamo-key-ring.ts';
import { tokenId } from '#core/auth/app-key.ts';
import { sha256Hex } from '#core/text/hash.ts';
import { freshCloud } from './cloud.ts';

const hash = sha256Hex('kt_live_one');
const key = {
  id: 'key_1',
  appId: 'support',
  prefix: 'kt_live_3k9x',
  name: 'Dify',
  createdAt: '2026-11-23T09:00:00.000Z',
};

async function bench() {
  const cloud = await freshCloud();
  const state = { now: Date.now(), reads: 0 };
  cloud.client.middlewareStack.add(
    (next, { commandName }) =>
      (args) => {
        if (commandName === 'GetItemCommand') state.reads += 1;
        return next(args);
      },
    { step: 'initialize' },
  );
  const ring = dynamoKeyRing({ table: 'State', client: cloud.client, clock: { now: () => state.now } });
  const admin = dynamoKeyAdmin({ table: 'State', client: cloud.client });
  await admin.putApp({ id: 'support', name: 'Support' });
  await admin.putKey(hash, key);
  return { cloud, ring, admin, state };
}

test('a key that is used often is read once a minute', async () => {
  const { ring, state } = await bench();
  await Promise.all(Array.from({ length: 40 }, () => ring.findKey(hash)));
  const first = state.reads;
  state.now += 59_000;
  await ring.findKey(hash);
  expect([first, state.reads]).toEqual([2, 2]); // the key and its app

  state.now += 1_000;
  await ring.findKey(hash);
  expect(state.reads).toBe(4);
});

test('whose a Dify app is is read once a minute, also where it is nobody’s', async () => {
  const { ring, admin, state } = await bench();
  await admin.putApp({ id: 'support', name: 'Support', difyAppIds: ['dify-1'] });
  for (let call = 0; call < 20; call += 1) {
    expect(await ring.appOfDify('dify-1')).toBe('support');
    expect(await ring.appOfDify('dify-2')).toBeUndefined();
  }
  expect(state.reads).toBe(3); // both notes and the app

  state.now += 60_000;
  await ring.appOfDify('dify-2');
  expect(state.reads).toBe(4);
});

test('a table out of reach makes nobody the owner of a Dify app, and stops nothing', async () => {
  const { ring, cloud } = await bench();
  cloud.client.destroy();
  cloud.client.middlewareStack.add(() => () => Promise.reject(new Error('out of reach')), {
    step: 'initialize',
    name: 'broken',
  });

  expect(await ring.appOfDify('dify-1')).toBeUndefined();
});

test('a revocation takes effect within a minute', async () => {
  const { ring, admin, state } = await bench();
  await ring.findKey(hash);
  await admin.revokeKey('key_1', '2026-11-23T10:00:00.000Z');
  state.now += 60_000;

  expect((await ring.findKey(hash))?.key.revokedAt).toBe('2026-11-23T10:00:00.000Z');
});

test('the revocation of a token takes effect within a minute', async () => {
  const { ring, admin, state } = await bench();
  await admin.putToken(hash, { subject: 'ann', role: 'admin' });
  expect(await ring.findToken(hash)).toEqual({ subject: 'ann', role: 'admin' });
  await admin.revokeToken(tokenId(hash), '2026-11-23T10:00:00.000Z');
  state.now += 60_000;

  expect((await ring.findToken(hash))?.revokedAt).toBe('2026-11-23T10:00:00.000Z');
});

test('a key that was tried too early works five seconds later', async () => {
  const { ring, admin, state } = await bench();
  const next = sha256Hex('kt_live_next');
  expect(await ring.findKey(next)).toBeUndefined();
  await admin.putKey(next, { ...key, id: 'key_2' });
  state.now += 5_000;

  expect((await ring.findKey(next))?.key.id).toBe('key_2');
});

test('a malformed hash costs no read', async () => {
  const { ring, state } = await bench();

  await ring.findKey('kt_live_not-a-hash');
  await ring.findToken('A'.repeat(64));

  expect(state.reads).toBe(0);
});

test('known keys go on working for five minutes without the table', async () => {
  const { cloud, ring, state } = await bench();
  await ring.findKey(hash);
  await cloud.stop();
  state.now += 299_000;
  expect((await ring.findKey(hash))?.key.id).toBe('key_1');

  state.now += 2_000;
  await expect(ring.findKey(hash)).rejects.toMatchObject({ code: 'config_unavailable' });
});

test('the presented key itself is nowhere in the table', async () => {
  const { cloud } = await bench();

  const stored = await cloud.client.send(
    new GetCommand({ TableName: 'State', Key: { pk: `KEY#${hash}`, sk: 'META' } }),
  );

  expect(stored.Item).toMatchObject({ id: 'key_1', lookup: 'KEYS' });
  expect(JSON.stringify(await cloud.items('State'))).not.toContain('kt_live_one');
});
