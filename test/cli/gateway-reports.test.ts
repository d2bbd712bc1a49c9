import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import OpenAI from 'openai';
import { dynamoEventReader } from '#aws/dynamo-event-reader.ts';
import { dynamoKeyRing } from '#aws/dynamo-key-ring.ts';
import { dynamoUsageReader } from '#aws/dynamo-usage-reader.ts';
import { sqsEventSink } from '#aws/sqs-event-sink.ts';
import { createConsole } from '#console/app.ts';
import type { LedgerEvent } from '#core/ledger/event.ts';
import { type HttpDoor, serveHttp } from '#local/serve-http.ts';
import { type Cloud, freshCloud } from '../aws/cloud.ts';
import { recordQueue } from '../aws/drain-queue.ts';
import { consolePack, consoleWorld } from '../console/console-world.ts';
import { gatewayProcess, journalIn, killGateways } from './gateway-process.ts';
import { kt } from './run-kt.ts';
import { startUpstream, type Upstream } from './upstream.ts';

/** `KT_OUTAGE_SECONDS=60 npm test -- test/cli/gateway-reports` is the campaign; every run of the tests has a short one. */
const OUTAGE_MS = Number(process.env['KT_OUTAGE_SECONDS'] ?? 2) * 1000;
const KEY = 'sk-report-test-1234567890';
const PACK = `pack: { name: p, version: "1" }
providers: [{ name: openai, model: gpt-4o, secret_key_ref: { env: OPENAI_API_KEY } }]
policies: { chain: [pii-detector] }
`;

let cwd: string;
let upstream: Upstream;
let cloud: Cloud;
let door: HttpDoor | undefined;

beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'kt-reports-'));
  await writeFile(join(cwd, 'policy-config.yaml'), PACK);
  upstream = await startUpstream();
  cloud = await freshCloud();
});
afterEach(async () => {
  killGateways();
  await door?.close(0);
  door = undefined;
  await upstream.close();
  await rm(cwd, { recursive: true, force: true });
});

/** The console over the embedded queue and tables, as its function composes it. */
async function openConsole(port: number): Promise<HttpDoor> {
  const { client, sqs, queueUrl } = cloud;
  const quiet = { info: () => undefined, error: () => undefined };
  const app = createConsole(
    {
      keys: dynamoKeyRing({ table: 'State', client }),
      events: dynamoEventReader({ ledgerTable: 'Ledger', client }),
      sink: sqsEventSink({ queueUrl, sqs, log: quiet }),
      usage: dynamoUsageReader({ table: 'State', client }),
      reviews: { get: async () => undefined, list: async () => [] },
      decide: async () => undefined,
      apps: async () => [],
      ...consoleWorld().world,
      record: () => Promise.reject(new Error('nobody looks here')),
      clock: { now: Date.now },
      log: quiet,
    },
    { environment: 'prod', version: '0', pack: consolePack },
  );
  return serveHttp(app, { host: '127.0.0.1', port });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function gatewayToken(): Promise<string> {
  process.env['AWS_ENDPOINT_URL'] = cloud.endpoint;
  try {
    return (await kt(cwd, ['keys', 'create', '--gateway', 'office', '--table', 'State'])).out;
  } finally {
    delete process.env['AWS_ENDPOINT_URL'];
  }
}

/** Every event of the ledger, once the recorder has taken what is in the queue. */
async function ledger(): Promise<LedgerEvent[]> {
  await recordQueue(cloud);
  const reader = dynamoEventReader({ ledgerTable: 'Ledger', client: cloud.client });
  const found: LedgerEvent[] = [];
  let cursor: string | undefined;
  do {
    const page = await reader.list({ limit: 200, ...(cursor ? { cursor } : {}) });
    found.push(...page.events);
    cursor = page.next;
  } while (cursor);
  return found;
}

test(
  `the control plane is away for ${OUTAGE_MS / 1000} s, then killed once more with the gateway: every event arrives exactly once`,
  async () => {
    const port = await freePort();
    const token = await gatewayToken();
    const env = {
      OPENAI_API_KEY: KEY,
      OPENAI_BASE_URL: upstream.url,
      KEEPTRUSTS_API_URL: `http://127.0.0.1:${port}`,
      KEEPTRUSTS_GATEWAY_TOKEN: token,
    };
    door = await openConsole(port);
    let gateway = await gatewayProcess(cwd, [], env);
    let client = new OpenAI({ apiKey: KEY, baseURL: `${gateway.url}/v1`, maxRetries: 0 });
    const asked = { model: 'gpt-4o', messages: [{ role: 'user' as const, content: 'hello' }] };
    let calls = 0;
    const ask = async (count: number) => {
      for (let i = 0; i < count; i += 1) await client.chat.completions.create(asked);
      calls += count;
    };

    await ask(5);
    await door.close(0);
    const back = Date.now() + OUTAGE_MS;
    while (Date.now() < back) {
      await ask(2);
      await sleep(100);
    }
    door = await openConsole(port);
    await ask(5);
    await gateway.kill();
    gateway = await gatewayProcess(cwd, [], env);
    client = new OpenAI({ apiKey: KEY, baseURL: `${gateway.url}/v1`, maxRetries: 0 });
    await ask(5);

    const { events } = await journalIn(cwd);
    const wanted = events.map(({ event_id }) => event_id).sort();
    expect(wanted.length).toBe(calls);
    let stored: LedgerEvent[] = [];
    const giveUp = Date.now() + 60_000;
    while (stored.length < wanted.length && Date.now() < giveUp) {
      stored = await ledger();
      await sleep(200);
    }
    const day = new Date().toISOString().slice(0, 10);
    const rows = await dynamoUsageReader({ table: 'State', client: cloud.client }).usage(day, day);
    if (process.env['KT_OUTAGE_SECONDS'])
      process.stdout.write(
        `away for ${OUTAGE_MS / 1000} s: ${calls} calls, ${stored.length} events in the ledger\n`,
      );

    expect(stored.map(({ event_id }) => event_id).sort()).toEqual(wanted);
    expect(rows.reduce((sum, row) => sum + row.calls, 0)).toBe(calls);
    expect(gateway.output()).not.toContain(token);
    expect(await gateway.stop()).toBe(0);
  },
  120_000 + OUTAGE_MS * 2,
);

test.each([
  [{ KEEPTRUSTS_API_URL: 'https://console.example.com' }, 'kt keys create --gateway'],
  [{ KEEPTRUSTS_GATEWAY_TOKEN: 'ktg_x' }, 'KEEPTRUSTS_API_URL is not'],
  [{ KEEPTRUSTS_API_URL: 'http://console.example.com', KEEPTRUSTS_GATEWAY_TOKEN: 'ktg_x' }, 'https'],
  [{ KEEPTRUSTS_API_URL: 'https://me:you@example.com', KEEPTRUSTS_GATEWAY_TOKEN: 'ktg_x' }, 'https'],
])('%j is refused with what to do', async (env, hint) => {
  const { code, err } = await kt(cwd, ['gateway', 'run'], env);

  expect([code, err]).toEqual([1, expect.stringContaining(hint)]);
});
