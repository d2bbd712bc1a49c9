import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { openJournal } from '#local/journal.ts';
import { journalEventSink } from '#local/journal-event-sink.ts';
import { sampleIntent } from '../contracts/sample-records.ts';
import { gatewayProcess, journalIn, killGateways } from './gateway-process.ts';
import { kt, runGateway } from './run-kt.ts';

const LAUNCHER = join(__dirname, '../../bin/kt.js');
const PACK = `pack: { name: p, version: "1" }
providers: [{ name: openai, model: gpt-4o, secret_key_ref: { env: OPENAI_API_KEY } }]
policies: { chain: [prompt-injection] }
`;
const KEY = 'sk-test-1234567890';

let cwd: string;
const children: ChildProcess[] = [];

beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'kt-process-'));
  await writeFile(join(cwd, 'policy-config.yaml'), PACK);
});
afterEach(async () => {
  killGateways();
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await rm(cwd, { recursive: true, force: true });
});

function launch(argv: string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [LAUNCHER, ...argv], {
    cwd,
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  return child;
}

async function isDown(url: string): Promise<boolean> {
  for (let tries = 0; tries < 50; tries += 1) {
    const up = await fetch(`${url}/keeptrusts/health`).catch(() => undefined);
    if (!up) return true;
    await sleep(100);
  }
  return false;
}

describe('bin/kt.js', () => {
  test('passes on arguments, output, exit code', async () => {
    await writeFile(join(cwd, 'bad.yaml'), PACK.replace('prompt-injection', 'prompt-injektion'));
    const child = launch(['policy', 'lint', 'bad.yaml']);
    const [out] = await Promise.all([text(child.stdout), once(child, 'exit')]);

    expect(out).toContain('bad.yaml:3 policies.chain[0]');
    expect(child.exitCode).toBe(1);
  });

  test('passes on SIGTERM, and the gateway ends with 0', async () => {
    const { child, url } = await gatewayProcess(cwd, [], { OPENAI_API_KEY: KEY });
    child.kill('SIGTERM');
    await once(child, 'exit');

    expect(child.exitCode).toBe(0);
    expect(await isDown(url)).toBe(true);
  });

  test('killed without warning takes the gateway with it', async () => {
    const { child, url } = await gatewayProcess(cwd, [], { OPENAI_API_KEY: KEY });
    child.kill('SIGKILL');

    expect(await isDown(url)).toBe(true);
  });
});

describe('kill -9 of a gateway that serves', () => {
  test('every call that reached the provider has an intent, every answered call its event', async () => {
    let reached = 0;
    const upstream = createServer(async (_, outgoing) => {
      reached += 1;
      await sleep(Math.random() * 80);
      const choices = [{ index: 0, message: { role: 'assistant', content: 'hi' }, finish_reason: 'stop' }];
      outgoing.setHeader('content-type', 'application/json');
      outgoing.end(
        JSON.stringify({ id: 'c', object: 'chat.completion', created: 1, model: 'gpt-4o', choices }),
      );
    }).listen(0, '127.0.0.1');
    await once(upstream, 'listening');
    const base = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}/v1`;
    const { url } = await gatewayProcess(cwd, [], { OPENAI_API_KEY: KEY, OPENAI_BASE_URL: base });
    const { pid } = JSON.parse(await readFile(join(cwd, '.kt/gateway.json'), 'utf8'));

    const answered: string[] = [];
    let killed = false;
    const calls = Array.from({ length: 200 }, async (_, n) => {
      await sleep(n * 3);
      const id = await call(url).catch(() => undefined);
      if (id) answered.push(id);
      if (answered.length >= 60 && !killed) killed = process.kill(pid, 'SIGKILL');
    });
    await Promise.all(calls);
    upstream.closeAllConnections();
    upstream.close();

    const { intents, events } = await journalIn(cwd);
    const recorded = new Set(events.map(({ request_id }) => request_id));
    expect(answered.length).toBeGreaterThanOrEqual(60);
    expect(answered.length).toBeLessThan(200);
    expect(intents.length).toBeGreaterThanOrEqual(reached);
    expect(answered.filter((id) => !recorded.has(id))).toEqual([]);
  });

  test('a call whose outcome is unknown gets its event from the next gateway, once', async () => {
    const past = new Date(Date.now() - 1000).toISOString();
    const lost = sampleIntent({ deadline: past });
    const open = sampleIntent({ deadline: new Date(Date.now() + 60_000).toISOString() });
    const written = await openJournal(join(cwd, '.kt/journal'));
    const sink = journalEventSink(written, { info: () => undefined, error: () => undefined });
    await Promise.all([sink.open(lost), sink.open(open)]);
    await written.close();

    for (let start = 0; start < 2; start += 1) await (await runGateway(cwd)).stop();

    const { events } = await journalIn(cwd);
    expect(events.map(({ type, request_id }) => [type, request_id])).toEqual([
      ['request.outcome_unknown', lost.requestId],
    ]);
    expect((await kt(cwd, ['events', 'show', lost.requestId])).out).toContain('outcome_unknown');
  });
});

async function call(url: string): Promise<string | undefined> {
  const response = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content: 'hello' }] }),
  });
  await response.text();
  return response.status === 200 ? (response.headers.get('x-request-id') ?? undefined) : undefined;
}
