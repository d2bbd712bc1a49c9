import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import OpenAI from 'openai';
import type { LocalFile } from '../../../lib/local-cloud/local-file.ts';
import { writeAssembly } from '../../support/assembly.ts';

const root = mkdtempSync(join(tmpdir(), 'kt-start-'));
const driver = join(__dirname, '../../support/start-driver.ts');
const localFile = join(root, '.kt/local.json');
const running: Started[] = [];

/** Stands in for the CDK app: counts its runs, refuses a pack named bad.yaml, writes the prepared assembly. */
const APP = `
import { appendFileSync, cpSync } from 'node:fs';
const context = JSON.parse(process.env.CDK_CONTEXT_JSON);
appendFileSync('synths', JSON.stringify(context) + '\\n');
if (context.pack === 'bad.yaml') { console.error('bad.yaml:1 pack: missing [E004]'); process.exit(1); }
cpSync('assembly', process.env.CDK_OUTDIR, { recursive: true });
`;

const PACK = (message: string) => `
pack: { name: reloaded, version: "1" }
providers: [{ name: openai, model: gpt-4o, secret_key_ref: { env: OPENAI_API_KEY } }]
policies: { chain: [safety-filter] }
audit: { mode: strict }
message: ${message}
`;

interface Started {
  readonly child: ChildProcess;
  out: string;
  err: string;
}

beforeAll(() => {
  mkdirSync(join(root, 'bin'));
  writeFileSync(join(root, 'bin/app.ts'), APP);
  writeFileSync(join(root, 'cdk.json'), '{"context":{"a":1}}');
  writeFileSync(join(root, 'good.yaml'), PACK('first'));
  writeFileSync(join(root, 'bad.yaml'), 'x: 1');
  writeAssembly(join(root, 'assembly'), 'test');
});
afterEach(async () => {
  for (const started of running.splice(0)) await stop(started);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

function launch(variables: Record<string, string> = {}, ...more: string[]): Started {
  const { PATH = '' } = process.env;
  const env = { PATH, KT_GATEWAY_PORT: '0', KT_CONSOLE_PORT: '0', ...variables };
  const child = spawn(process.execPath, ['--no-warnings', driver, root, ...more], { env });
  const started: Started = { child, out: '', err: '' };
  child.stdout.on('data', (chunk) => {
    started.out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    started.err += chunk;
  });
  running.push(started);
  return started;
}

/** Waits for a text the stack prints, as long as it lives and at most a while. */
async function said(started: Started, text: string): Promise<void> {
  for (let i = 0; i < 1000 && !(started.out + started.err).includes(text); i++) {
    if (started.child.exitCode !== null) break;
    await wait(20);
  }
  if (!(started.out + started.err).includes(text)) throw new Error(`it never said "${text}": ${started.err}`);
}

async function ready(started: Started): Promise<LocalFile> {
  await said(started, '\ntry');
  return JSON.parse(readFileSync(localFile, 'utf8'));
}

async function stop({ child }: Started, signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) {
    child.kill(signal);
    await once(child, 'exit');
  }
  return child.exitCode;
}

async function ended({ child }: Started): Promise<number | null> {
  if (child.exitCode === null) await once(child, 'exit');
  return child.exitCode;
}

async function gatewayVariables({ gatewayUrl }: LocalFile): Promise<Record<string, string>> {
  return (await (await fetch(gatewayUrl)).json()) as Record<string, string>;
}

function synths(): Record<string, unknown>[] {
  const lines = readFileSync(join(root, 'synths'), 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line));
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

test('the stack says in five lines where it is and tells programs in a private file', async () => {
  const started = launch();
  const local = await ready(started);
  const lines = started.out.trim().split('\n');

  expect(lines.map((line) => line.split(' ')[0])).toEqual(['gateway', 'api', 'console', 'upstream', 'try']);
  expect(lines[0]).toContain(local.gatewayUrl);
  expect(lines[1]).toContain(local.apiKey);
  expect(lines[3]).toContain('built-in stand-in (no OPENAI_API_KEY found)');
  expect(local).toMatchObject({
    gatewayUrl: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/v1$/),
    consoleUrl: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
    dedicated: { bot: expect.stringMatching(/\/v1$/) },
    stateTable: 'kt-test-data-State',
    pid: started.child.pid,
  });
  expect(statSync(localFile).mode & 0o777).toBe(0o600);
  expect(await stop(started)).toBe(0);
  expect(existsSync(localFile)).toBe(false);
});

test('a restart with the same inputs synthesizes nothing and keeps key and tokens', async () => {
  const first = launch();
  const before = await ready(first);
  await stop(first);
  const count = synths().length;
  const second = launch();
  const after = await ready(second);

  expect(synths()).toHaveLength(count);
  expect(second.err).toContain('cdk.out is current');
  for (const name of ['apiKey', 'adminToken', 'reviewerToken', 'viewerToken'] as const)
    expect(after[name]).toBe(before[name]);
});

test('a changed input or a changed assembly is synthesized again', async () => {
  await stopAfterStart();
  const count = synths().length;
  mkdirSync(join(root, 'policies'), { recursive: true });
  writeFileSync(join(root, 'policies/new.ts'), '');
  await stopAfterStart();
  writeFileSync(join(root, 'cdk.out/kt-test-data.template.json'), '{}');
  await stopAfterStart();

  expect(synths()).toHaveLength(count + 2);
  expect(synths().at(-1)).toMatchObject({ a: 1, env: 'test', 'aws:cdk:enable-asset-metadata': true });
});

async function stopAfterStart(): Promise<void> {
  const started = launch();
  await ready(started);
  await stop(started);
}

test('a fresh start forgets the state', async () => {
  const first = launch();
  const before = await ready(first);
  await stop(first);
  const after = await ready(launch({ FRESH: 'yes' }));

  expect(after.apiKey).not.toBe(before.apiKey);
});

test('without a provider key the gateway is sent to the stand-in, which streams and says what it is', async () => {
  const { OPENAI_BASE_URL: baseURL } = await gatewayVariables(await ready(launch()));
  const openai = new OpenAI({ baseURL, apiKey: 'any', maxRetries: 0 });
  const stream = await openai.chat.completions.create({
    model: 'gpt-4o',
    messages: [{ role: 'user', content: 'Write to [EMAIL_1].' }],
    stream: true,
    stream_options: { include_usage: true },
  });
  const chunks: OpenAI.ChatCompletionChunk[] = [];
  for await (const chunk of stream) chunks.push(chunk);

  expect(chunks.filter(({ choices }) => choices[0]?.delta.content).length).toBeGreaterThan(5);
  expect(chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('')).toContain(
    'Write to [EMAIL_1].',
  );
  expect(chunks.every(({ model }) => model === 'gpt-4o-stand-in')).toBe(true);
  expect(chunks.at(-1)?.usage?.completion_tokens).toBeGreaterThan(0);
});

test.each([
  [{ OPENAI_API_KEY: 'sk-1' }, undefined, 'OpenAI (OPENAI_API_KEY)'],
  [
    { OPENAI_BASE_URL: 'http://127.0.0.1:1/v1' },
    'http://127.0.0.1:1/v1',
    'http://127.0.0.1:1/v1 (OPENAI_BASE_URL)',
  ],
])('with %j the gateway asks %s', async (variables, baseUrl, label) => {
  const started = launch(variables);
  const seen = await gatewayVariables(await ready(started));

  expect(seen['OPENAI_BASE_URL']).toBe(baseUrl);
  expect(started.out).toContain(label);
  expect(JSON.stringify(seen)).not.toContain('sk-1');
});

test('functions die with a stack that is killed', async () => {
  const started = launch();
  const { PID } = await gatewayVariables(await ready(started));
  expect(isAlive(Number(PID))).toBe(true);
  await stop(started, 'SIGKILL');
  for (let i = 0; i < 100 && isAlive(Number(PID)); i++) await wait(50);

  expect(isAlive(Number(PID))).toBe(false);
  expect(existsSync(localFile)).toBe(true);
  await ready(launch());
});

test('a second stack in the same folder is refused in one line', async () => {
  const first = launch();
  const { gatewayUrl } = await ready(first);
  const second = launch();

  expect(await ended(second)).toBe(1);
  expect(second.err).toBe(
    `already running as process ${first.child.pid} (${gatewayUrl}): stop it first, or start in another folder\n`,
  );
  expect(existsSync(localFile)).toBe(true);
});

test('a port in use is one line that says what to do', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address() as AddressInfo;
  const started = launch({ KT_GATEWAY_PORT: String(port) });
  const code = await ended(started);
  taken.close();

  expect(code).toBe(1);
  expect(started.err.trim().split('\n').at(-1)).toBe(
    `port ${port} is in use: stop what listens there, or set KT_GATEWAY_PORT or KT_CONSOLE_PORT`,
  );
});

test('a bad pack stops the start with the words of the CDK app', async () => {
  const started = launch({}, 'bad.yaml');

  expect(await ended(started)).toBe(1);
  expect(started.err).toContain('bad.yaml:1 pack: missing [E004]');
});

async function activePack(local: LocalFile): Promise<{ message: string }> {
  const { DEPLOYMENT_FILE } = await gatewayVariables(local);
  return JSON.parse(readFileSync(DEPLOYMENT_FILE ?? '', 'utf8')).pack;
}

test('a saved pack is active for the next call', async () => {
  const started = launch({}, 'good.yaml');
  const local = await ready(started);
  await said(started, 'is active');
  writeFileSync(join(root, 'good.yaml'), PACK('second'));
  for (let i = 0; i < 100 && (await activePack(local)).message !== 'second'; i++) await wait(50);
  const { DEPLOYMENT_FILE = '' } = await gatewayVariables(local);
  const { pack, apps } = JSON.parse(readFileSync(DEPLOYMENT_FILE, 'utf8'));

  expect(pack).toMatchObject({ name: 'reloaded', message: 'second' });
  expect(apps).toHaveLength(2);
});

test('a saved pack with a mistake is told and changes nothing', async () => {
  const started = launch({}, 'good.yaml');
  const local = await ready(started);
  await said(started, 'is active');
  const before = await gatewayVariables(local);
  writeFileSync(join(root, 'good.yaml'), PACK('third').replace('safety-filter', 'safty-filter'));
  await said(started, 'the last good pack stays');
  const after = await gatewayVariables(local);
  writeFileSync(join(root, 'good.yaml'), PACK('first'));

  expect(started.err).toMatch(/good\.yaml:4 .*safty-filter/);
  expect([after['PID'], after['DEPLOYMENT_FILE']]).toEqual([before['PID'], before['DEPLOYMENT_FILE']]);
});
