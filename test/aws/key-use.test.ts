import { expect, test } from '@jest/globals';
import { dynamoKeyAdmin } from '#aws/dynamo-key-admin.ts';
import { keyUse, tokenUse } from '#aws/key-use.ts';
import { sampleEvent } from '../contracts/sample-records.ts';
import { freshCloud } from './cloud.ts';

const quiet = { info: () => undefined, error: () => undefined };
const at = (minute: number) => `2026-11-28T10:0${minute}:00.000Z`;

test('the first and the last use of a key are listed with it, written at most every five minutes', async () => {
  const { client, items } = await freshCloud();
  const admin = dynamoKeyAdmin({ table: 'State', client });
  await admin.putKey('a'.repeat(64), { id: 'key_1', appId: 'a', prefix: 'p', name: 'n', createdAt: at(0) });
  let now = 1_000_000_000;
  const note = keyUse({ table: 'State', client, clock: { now: () => now } });

  await note(sampleEvent({ at: at(1) }));
  now += 299_999;
  await note(sampleEvent({ at: at(2) }));
  expect(await admin.listKeys()).toMatchObject([{ id: 'key_1', firstUsedAt: at(1), lastUsedAt: at(1) }]);
  now += 1;
  await note(sampleEvent({ at: at(6) }));

  expect(await admin.listKeys()).toMatchObject([{ id: 'key_1', firstUsedAt: at(1), lastUsedAt: at(6) }]);
  expect((await items('State')).filter(({ pk }) => String(pk).startsWith('KEYUSE#'))).toHaveLength(1);
});

test('calls without an app key note nothing', async () => {
  const { client, items } = await freshCloud();

  await keyUse({ table: 'State', client })(sampleEvent({ auth: 'provider_key' }));

  expect(await items('State')).toEqual([]);
});

test('the first and the last use of a token are listed with it, tried at most every five minutes', async () => {
  const { client } = await freshCloud();
  const admin = dynamoKeyAdmin({ table: 'State', client });
  await admin.putToken('b'.repeat(64), { subject: 'ann', role: 'viewer' });
  const { id } = (await admin.listTokens())[0] ?? { id: '' };
  let now = Date.parse(at(1));
  const used = tokenUse({ table: 'State', client, clock: { now: () => now }, log: quiet });

  await used(id);
  now += 299_999;
  await used(id);
  expect(await admin.listTokens()).toMatchObject([{ id, firstUsedAt: at(1), lastUsedAt: at(1) }]);
  now += 1;
  await used(id);

  expect(await admin.listTokens()).toMatchObject([{ id, firstUsedAt: at(1), lastUsedAt: at(6) }]);
});

test('a table that is away keeps nobody from using a token, and is not asked again at once', async () => {
  const { client, stop } = await freshCloud();
  await stop();
  const errors: unknown[] = [];
  const log = { ...quiet, error: (...words: unknown[]) => void errors.push(words) };
  const used = tokenUse({ table: 'State', client, log });

  await used('token_1');
  await used('token_1');

  expect(errors).toHaveLength(1);
});
