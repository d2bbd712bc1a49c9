import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { dynamoOpenCalls } from '#aws/dynamo-open-calls.ts';
import { hashKey } from '#core/auth/app-key.ts';
import { fileKeyRing } from '#local/file-key-ring.ts';
import { type Cloud, freshCloud, NOWHERE } from '../aws/cloud.ts';
import { kt } from './run-kt.ts';

const ENV = { USER: 'ann' };

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'kt-acts-'));
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

interface Named {
  readonly id: string;
}

/** Every change `kt` knows, once. `where` names the store. */
async function changeEverything(where: string[] = []): Promise<{ old: string; successor: string }> {
  const run = async (...argv: string[]) => {
    const ran = await kt(cwd, [...argv, ...where], ENV);
    expect(ran).toMatchObject({ code: 0 });
    return ran.out;
  };
  const keys = async () =>
    (await run('keys', 'list', '--json')).split('\n').map((line) => (JSON.parse(line) as Named).id);

  await run('apps', 'create', 'bot');
  await run('apps', 'set', 'bot', '--budget-daily', '5');
  await run('keys', 'create', '--app', 'hr');
  const [old = ''] = await keys();
  await run('keys', 'rotate', old);
  const successor = (await keys()).find((id) => id !== old) ?? '';
  await run('keys', 'expire', successor, '7d');
  await run('keys', 'revoke', old);
  await run('keys', 'create', '--role', 'viewer', '--name', 'vic');
  return { old, successor };
}

/** What the ledger is to say about it, by type, app and key. */
const expected = ({ old, successor }: { old: string; successor: string }) => [
  ['app.created', 'bot', ''],
  ['app.changed', 'bot', ''],
  ['app.created', 'hr', ''],
  ['key.created', 'hr', old],
  ['key.rotated', 'hr', successor],
  ['key.expired', 'hr', successor],
  ['key.revoked', 'hr', old],
  ['token.created', '*', expect.stringMatching(/^token_[0-9a-f]{16}$/)],
];

test('every change at a state folder is an event that names the user of the machine', async () => {
  const made = await changeEverything();

  const { out } = await kt(cwd, ['events', 'list', '--json']);
  const events = out.split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);

  expect(events.map(({ type, app_id, key_id }) => [type, app_id, key_id]).reverse()).toEqual(expected(made));
  expect(new Set(events.map(({ auth, reviewer }) => `${auth} ${reviewer}`))).toEqual(new Set(['system ann']));
});

test('a token of some apps says so where it is stored and in its event', async () => {
  const { out } = await kt(
    cwd,
    ['tokens', 'create', '--role', 'viewer', '--apps', 'hr,bot', '--name', 'vic'],
    ENV,
  );

  const stored = await fileKeyRing(join(cwd, '.kt/keys.json')).findToken(hashKey(out));
  const event = await kt(cwd, ['events', 'list', '--json']);

  expect(stored).toMatchObject({ subject: 'vic', role: 'viewer', apps: ['hr', 'bot'] });
  expect(JSON.parse(event.out)).toMatchObject({ detail: 'viewer vic of hr, bot' });
});

test('a command that is refused is no event', async () => {
  await kt(cwd, ['apps', 'set', 'nobody', '--budget-daily', '5']);
  await kt(cwd, ['keys', 'revoke', 'key_none']);
  await kt(cwd, ['keys', 'expire', 'key_none', '7d']);
  await kt(cwd, ['keys', 'rotate', 'key_none']);

  expect((await kt(cwd, ['events', 'list', '--json'])).out).toBe('');
});

describe('at the table of a deployment', () => {
  const ARN = 'arn:aws:sts::123456789012:assumed-role/Operator/ann@example.com';
  let cloud: Cloud;
  let sts: Server;
  const asked: string[] = [];

  beforeEach(async () => {
    cloud = await freshCloud();
    asked.length = 0;
    sts = createServer((request, response) => {
      asked.push(String(request.headers.authorization).split(' ')[0] ?? '');
      response.end(
        `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>${ARN}</Arn></GetCallerIdentityResult></GetCallerIdentityResponse>`,
      );
    });
    await new Promise<void>((listening) => sts.listen(0, '127.0.0.1', listening));
    process.env['AWS_ENDPOINT_URL_DYNAMODB'] = cloud.endpoint;
    process.env['AWS_ENDPOINT_URL_STS'] = `http://127.0.0.1:${(sts.address() as AddressInfo).port}`;
  });
  afterEach(async () => {
    delete process.env['AWS_ENDPOINT_URL_DYNAMODB'];
    delete process.env['AWS_ENDPOINT_URL_STS'];
    await new Promise((closed) => sts.close(closed));
  });

  const waiting = async () =>
    (await dynamoOpenCalls({ table: 'State', client: cloud.client }).acts(100)).map(({ facts }) => facts);

  test('every change waits for the ledger, and names the AWS identity of who made it', async () => {
    const made = await changeEverything(['--table', 'State']);

    const acts = await waiting();

    expect(acts.map(({ type, appId, keyId }) => [type, appId, keyId])).toEqual(expected(made));
    expect(new Set(acts.map(({ reviewer }) => reviewer))).toEqual(new Set([ARN]));
    expect(new Set(asked)).toEqual(new Set(['AWS4-HMAC-SHA256']));
  });

  test('where STS is out of reach, the user of the machine is named', async () => {
    process.env['AWS_ENDPOINT_URL_STS'] = NOWHERE;

    const { code } = await kt(cwd, ['apps', 'create', 'bot', '--table', 'State'], ENV);

    expect(code).toBe(0);
    expect(await waiting()).toMatchObject([{ type: 'app.created', reviewer: 'ann' }]);
  });

  test('who only looks is not asked for', async () => {
    await kt(cwd, ['apps', 'list', '--table', 'State']);

    expect(asked).toEqual([]);
  });
});
