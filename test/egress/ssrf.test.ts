import { createServer, type Server, Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { addressKind } from '#core/net/address.ts';
import { compilePack } from '#core/pack/compile.ts';
import { guardedFetch, type Resolve } from '#egress/guarded-fetch.ts';
import { catalogue } from '#policies/catalogue.ts';
import { chat, startGateway, type TestGateway } from '../support/gateway.ts';
import { json, says, startUpstream } from '../support/upstream.ts';
import { hostileUrls, REBOUND } from './hostile-urls.ts';

const URLS = hostileUrls();

/** Every name leads inside, as an attacker's resolver would have it. */
const hostileResolve: Resolve = (_hostname, callback) =>
  callback(null, [{ address: '127.0.0.1', family: 4 }]);

/** Where the sockets of this process went, whatever opened them. */
let connected: string[] = [];
beforeAll(() => {
  const original = Socket.prototype.connect;
  jest.spyOn(Socket.prototype, 'connect').mockImplementation(function (this: Socket, ...args: unknown[]) {
    this.once('connect', () => connected.push(`${this.remoteAddress}:${this.remotePort}`));
    return Reflect.apply(original, this, args) as Socket;
  } as typeof original);
});
afterAll(() => void jest.restoreAllMocks());
afterEach(() => gateway?.close());
let gateway: TestGateway | undefined;

test('the corpus has more than five thousand URLs', () => {
  expect(URLS.length).toBeGreaterThanOrEqual(5000);
});

test('the corpus opens no connection, whatever names resolve to', async () => {
  connected = [];
  const fetch = guardedFetch(hostileResolve);
  const codes = new Map<unknown, number>();
  for (const url of URLS) {
    const refused = await fetch(url, { method: 'POST', body: '{}' }).then(
      (response) => `answered ${response.status}`,
      (error: { code?: string }) => error.code,
    );
    codes.set(refused, (codes.get(refused) ?? 0) + 1);
  }
  expect([...codes.keys()].sort()).toEqual(['EGRESS_REFUSED', 'ERR_INVALID_URL']);
  expect(codes.get('EGRESS_REFUSED')).toBeGreaterThan(2000);
  expect(connected).toEqual([]);
}, 60_000);

test('the linter refuses every URL of the corpus that is not a name of the outside, with its line', () => {
  for (const url of URLS) {
    const text = `pack: { name: p, version: "1" }
providers:
  - name: openai
    base_url: ${JSON.stringify(url)}
    model: m
    secret_key_ref: { env: K }
policies: { chain: [prompt-injection] }`;
    const compiled = compilePack(text, 'pack.yaml', catalogue);
    if ('problems' in compiled) {
      expect(compiled.problems).toMatchObject([
        { file: 'pack.yaml', line: 4, path: 'providers[0].base_url' },
      ]);
      continue;
    }
    const { protocol, hostname, port } = new URL(url);
    const local = hostname === 'localhost' || addressKind(hostname.replace(/[[\]]/g, '')) === 'loopback';
    expect(
      local || (protocol === 'https:' && REBOUND.includes(hostname) && ['', '8443'].includes(port)),
    ).toBe(true);
  }
}, 120_000);

describe('a name', () => {
  test('that meant an allowed address a moment ago is refused when it means another one now', async () => {
    const upstream = await startUpstream((_call, response) =>
      json(response, 200, { ok: true }, { connection: 'close' }),
    );
    const { port } = new URL(upstream.url);
    const answers = ['127.0.0.1', '10.0.0.1'];
    const fetch = guardedFetch((_name, callback) =>
      callback(null, [{ address: answers.shift() ?? '', family: 4 }]),
    );
    const ask = () => fetch(`http://localhost:${port}/`, { method: 'POST', body: '{}', reach: 'loopback' });

    expect(await (await ask()).json()).toEqual({ ok: true });
    await expect(ask()).rejects.toMatchObject({ code: 'EGRESS_REFUSED' });
    expect(answers).toEqual([]);
    await upstream.close();
  });

  test('that has an inner address among others is refused', async () => {
    const fetch = guardedFetch((_name, callback) =>
      callback(null, [
        { address: '93.184.216.34', family: 4 },
        { address: '169.254.169.254', family: 4 },
      ]),
    );
    await expect(fetch('https://mixed.example.com/', {})).rejects.toMatchObject({ code: 'EGRESS_REFUSED' });
  });

  test('is connected at the address that was looked at', async () => {
    connected = [];
    const upstream = await startUpstream((_call, response) => json(response, 200, { ok: true }));
    const { port } = new URL(upstream.url);
    const fetch = guardedFetch(hostileResolve);
    const response = await fetch(`http://localhost:${port}/`, {
      method: 'POST',
      body: '{}',
      reach: 'loopback',
    });
    expect(await response.json()).toEqual({ ok: true });
    expect(connected).toContain(`127.0.0.1:${port}`);
    await upstream.close();
  });
});

describe('a redirect', () => {
  test.each([301, 302, 303, 307, 308])('with status %i to a second origin leaks nothing', async (status) => {
    const second = await listen();
    gateway = await startGateway();
    gateway.upstream.answer((_call, response) =>
      json(response, status, {}, { location: `http://127.0.0.1:${second.port}/v1/chat/completions` }),
    );

    for (const stream of [false, true]) {
      expect((await gateway.post(chat('a secret question', { stream }))).status).toBe(502);
    }

    expect(second.connections()).toBe(0);
    await second.close();
  });
});

describe('what a client sends', () => {
  test('never opens a connection: image, audio and file URLs, model names, headers', async () => {
    const canary = await listen();
    gateway = await startGateway();
    gateway.upstream.answer(says('fine'));
    const inside = `http://127.0.0.1:${canary.port}`;
    const places = [
      inside,
      `${inside}/latest/meta-data`,
      `//127.0.0.1:${canary.port}/x`,
      ...URLS.filter((_, i) => i % 97 === 0),
    ];

    for (const url of places) {
      const content = [
        { type: 'text', text: 'What is this?' },
        { type: 'image_url', image_url: { url } },
      ];
      await (await gateway.post({ model: 'gpt-4o', messages: [{ role: 'user', content }] })).text();
      expect((await gateway.post({ model: url, messages: [{ role: 'user', content: 'hi' }] })).status).toBe(
        404,
      );
    }
    const headers = { 'x-forwarded-host': `127.0.0.1:${canary.port}`, 'x-base-url': inside, referer: inside };
    await (await gateway.post({ ...chat('hi'), base_url: inside, api_base: inside }, headers)).text();

    expect(canary.connections()).toBe(0);
    await canary.close();
  }, 60_000);
});

/** A server that only counts who comes. */
async function listen(): Promise<{ port: number; connections(): number; close(): Promise<void> }> {
  let count = 0;
  const server: Server = createServer((socket) => {
    count += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  return {
    port,
    connections: () => count,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
