import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createDocumentClient } from '#aws/dynamo-client.ts';
import { dynamoKeyRing } from '#aws/dynamo-key-ring.ts';
import { hashKey } from '#core/auth/app-key.ts';
import { createLedgerTables, startTestServices } from '../support/services.ts';
import { kt } from './run-kt.ts';

let cwd: string;
let endpoint: string;
let close: () => Promise<void>;

beforeAll(async () => {
  Object.assign(process.env, {
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_REGION: 'us-east-1',
  });
  ({ endpoint, close } = await startTestServices());
  await createLedgerTables(endpoint);
  cwd = await mkdtemp(join(tmpdir(), 'kt-table-'));
  await mkdir(join(cwd, '.kt'));
  await writeStack({});
});
afterAll(async () => {
  await close();
  await rm(cwd, { recursive: true, force: true });
});

/** What `kt start` would have written for a stack that this process runs. */
async function writeStack(parts: Record<string, unknown>) {
  const text = (name: string) => ({ [name]: 'x' });
  const names = [
    'gatewayUrl',
    'consoleUrl',
    'apiKey',
    'adminToken',
    'reviewerToken',
    'viewerToken',
    'environment',
  ];
  const stack = Object.assign({}, ...names.map(text), {
    awsEndpoint: endpoint,
    region: 'us-east-1',
    stateTable: 'State',
    pid: process.pid,
    ...parts,
  });
  await writeFile(join(cwd, '.kt/local.json'), JSON.stringify(stack));
}

test('a key made for a running stack is found by its gateway', async () => {
  const { code, out: key } = await kt(cwd, ['keys', 'create', '--app', 'support-bot', '--models', 'gpt-4o']);
  const ring = dynamoKeyRing({ table: 'State', client: createDocumentClient(endpoint) });

  expect(code).toBe(0);
  expect(await ring.findKey(hashKey(key))).toMatchObject({
    app: { id: 'support-bot' },
    key: { appId: 'support-bot', models: ['gpt-4o'] },
  });
});

test('a key of a running stack is listed, then revoked', async () => {
  const { out: key } = await kt(cwd, ['keys', 'create', '--name', 'to-revoke']);
  const { out } = await kt(cwd, ['keys', 'list', '--json']);
  const made = out
    .split('\n')
    .map((line) => JSON.parse(line))
    .find(({ name }) => name === 'to-revoke');
  const { out: said } = await kt(cwd, ['keys', 'revoke', made.id]);
  const ring = dynamoKeyRing({ table: 'State', client: createDocumentClient(endpoint) });

  expect(said).toContain('within a minute');
  expect((await ring.findKey(hashKey(key)))?.key.revokedAt).toBeDefined();
});

test('a table that does not exist is exit 3 and says what to check', async () => {
  await writeStack({ stateTable: 'Nowhere' });
  const { code, err } = await kt(cwd, ['keys', 'list']);
  await writeStack({});

  expect(code).toBe(3);
  expect(err).toContain('Cannot use table Nowhere');
});

test('a stack that no longer runs is not asked', async () => {
  await writeStack({ pid: 2 ** 22 + 1 });
  const { err } = await kt(cwd, ['keys', 'list']);
  await writeStack({});

  expect(err).toContain('There are no app keys');
});

test('a file that kt start did not write is named', async () => {
  await writeFile(join(cwd, '.kt/local.json'), '{}');
  const { code, err } = await kt(cwd, ['keys', 'list']);
  await writeStack({});

  expect(code).toBe(1);
  expect(err).toContain('local.json');
});
