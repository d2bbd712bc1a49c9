import { expect, test } from '@jest/globals';
import { dynamoKeyAdmin } from '#aws/dynamo-key-admin.ts';
import { keyUse } from '#aws/key-use.ts';
import { sampleEvent } from '../contracts/sample-records.ts';
import { freshCloud } from './cloud.ts';

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
