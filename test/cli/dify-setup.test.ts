import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { json, says, USAGE } from '../support/upstream.ts';
import { kt } from './run-kt.ts';

let folder: string;
let gateway: TestGateway;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kt-dify-'));
  gateway = await startGateway();
  gateway.upstream.answer((call, response) => {
    if (call.url.endsWith('/chat/completions')) return says('pong')(call, response);
    return json(response, 200, {
      data: [{ index: 0, embedding: [1] }],
      results: [{ index: 0, relevance_score: 1 }],
      usage: USAGE,
    });
  });
});
afterEach(async () => {
  await gateway.close();
  rmSync(folder, { recursive: true });
});
const setup = (argv: string[], env = { KEEPTRUSTS_APP_KEY: gateway.apiKey }) =>
  kt(folder, ['dify', 'setup', ...argv], env);

test("prints every value of Dify's form and does what Dify does when it is saved", async () => {
  const { code, out, err } = await setup([
    '--url',
    `${gateway.url}/v1/`,
    '--embedding',
    'gpt-4o',
    '--rerank',
    'gpt-4o',
  ]);

  expect([code, err]).toEqual([0, '']);
  expect(out).toContain(`API endpoint URL             ${gateway.url}/v1`);
  expect(out).toMatch(/Model Name +gpt-4o/);
  expect(out).toMatch(/Model context size +128000\n +Upper bound for max tokens +16384/);
  expect(out).toContain('host.docker.internal');
  for (const name of [
    'save ',
    'save, streamed',
    'save, max_completion_tokens',
    'embeddings',
    'rerank',
    'moderation extension',
  ])
    expect(out).toMatch(new RegExp(`ok +${name}`));
  const chats = (await gateway.stored(5)).filter(({ route }) => route === '/chat/completions');
  expect(chats.map(({ validation }) => validation)).toEqual([true, true, true]);
});

test('the key is read from a file and never shown', async () => {
  writeFileSync(join(folder, 'key'), `${gateway.apiKey}\n`);

  const { code, out, err } = await setup(['--url', gateway.url, '--key-file', 'key'], {
    KEEPTRUSTS_APP_KEY: 'wrong',
  });

  expect(code).toBe(0);
  expect(out + err).not.toContain(gateway.apiKey);
});

test.each([
  [
    'a wrong key',
    { KEEPTRUSTS_APP_KEY: 'kt_live_wrong' },
    '',
    /status code 401.*invalid_api_key.*\n.*do: .*kt keys create/,
  ],
  [
    'a base URL that goes too far',
    undefined,
    '/v1/chat/completions',
    /status code 404.*\n.*do: "API endpoint URL" must end with \/v1/,
  ],
  [
    'the app of somebody else',
    undefined,
    '/a/other',
    /status code 403.*\n.*do: The key belongs to another app/,
  ],
])('%s: what Dify will say, and what to do', async (_, env, path, expected) => {
  const { code, out, err } = await setup(['--url', `${gateway.url}${path}`], env);

  expect([code, err]).toEqual([2, expect.stringContaining('checks failed')]);
  expect(out).toMatch(expected);
});

test('a model that is not there is said with those that are', async () => {
  const { code, out } = await setup(['--url', gateway.url, '--model', 'gpt-9']);

  expect(code).toBe(2);
  expect(out).toMatch(/Allowed models: gpt-4o.*\n.*do: "Model Name"/);
  expect(out).toMatch(/Model context size +not known/);
});

test('a gateway that is not there ends with 3', async () => {
  const { code, out } = await setup(['--url', 'http://127.0.0.1:2']);

  expect(code).toBe(3);
  expect(out).toContain('ECONNREFUSED');
});

test('without a key the values are printed, and that nothing was tried', async () => {
  const { code, out, err } = await setup(['--url', gateway.url], {} as never);

  expect([code, err]).toEqual([0, expect.stringContaining('Not checked: no key')]);
  expect(out).toContain('Model Type');
  expect(gateway.events).toEqual([]);
});

test('finds the gateway in the outputs of a deployment', async () => {
  writeFileSync(
    join(folder, 'one.json'),
    JSON.stringify({ App: { GatewayUrl: `${gateway.url}/`, ConsoleUrl: 'https://c' } }),
  );
  writeFileSync(
    join(folder, 'two.json'),
    JSON.stringify({ App: { GatewayUrl: 'https://a', GatewayUrlHr: 'https://b' } }),
  );

  expect((await setup(['--outputs', 'one.json'])).code).toBe(0);
  const { code, err } = await setup(['--outputs', 'two.json']);
  expect([code, err]).toEqual([1, expect.stringContaining('GatewayUrlHr  https://b')]);
  expect((await setup([])).err).toContain('No gateway runs here');
});
