import { createHash } from 'node:crypto';
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { startGateway, type TestGateway } from '../support/gateway.ts';

/** The same bytes to both doors: what reaches the pipeline, and what is answered, must be the same. */

const seen: Seen[] = [];
interface Seen {
  readonly method: string;
  readonly path: string;
  readonly headers: Record<string, string | null>;
  readonly body: string;
}
/** The headers that the gateway reads. */
const READ = [
  'authorization',
  'content-type',
  'x-dify-app-id',
  'x-user-id',
  'x-keeptrusts-agent-id',
  'traceparent',
];

let gateways: TestGateway[];
beforeAll(async () => {
  gateways = [];
  for (const door of ['http', 'function'] as const) {
    const gateway = await startGateway({
      door,
      wrap: (app) => async (request, context) => {
        const { pathname, search } = new URL(request.url);
        const bytes = Buffer.from(await request.clone().arrayBuffer());
        seen.push({
          method: request.method,
          path: pathname + search,
          headers: Object.fromEntries(READ.map((name) => [name, request.headers.get(name)])),
          body: createHash('sha256').update(bytes).digest('hex'),
        });
        return app(request, context);
      },
    });
    gateways.push(gateway);
  }
});
afterAll(() => Promise.all(gateways.map((gateway) => gateway.close())));

interface Raw {
  readonly method: string;
  readonly path: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Uint8Array;
}

/** The bytes of a request, sent as they are; status and error code of the answer. */
async function send(url: string, { method, path, headers, body }: Raw): Promise<string> {
  const { hostname, port } = new URL(url);
  const lines = [
    `${method} ${path} HTTP/1.1`,
    `host: ${hostname}:${port}`,
    'connection: close',
    `content-length: ${body.length}`,
    ...headers.map(([name, value]) => `${name}: ${value}`),
  ];
  const socket = connect(Number(port), hostname);
  socket.write(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), body]));
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of socket) chunks.push(chunk as Buffer);
  } catch {
    // A door that cuts has said what it says.
  }
  const text = Buffer.concat(chunks).toString();
  const status = /^HTTP\/1\.1 (\d+)/.exec(text)?.[1] ?? 'none';
  return `${status} ${/"code":"(\w+)"/.exec(text)?.[1] ?? ''}`;
}

async function both(make: (gateway: TestGateway) => Raw): Promise<[Seen[], Seen[], string, string]> {
  const results: [Seen[], string][] = [];
  for (const gateway of gateways) {
    seen.length = 0;
    const answer = await send(gateway.url, make(gateway));
    results.push([seen.map((one) => withoutKey(one, gateway.apiKey)), answer]);
  }
  const [[one, saidOne], [two, saidTwo]] = results as [[Seen[], string], [Seen[], string]];
  return [one, two, saidOne, saidTwo];
}

/** Lambda joins repeated headers with a comma, `Headers` with a comma and a space; the gateway takes neither for a key. */
function withoutKey(one: Seen, key: string): Seen {
  return JSON.parse(JSON.stringify(one).replaceAll(key, 'KEY').replaceAll(/, +/g, ','));
}

const json = fc
  .oneof(
    fc.constant('{"model":"gpt-4o","messages":[{"role":"user","content":"hi"}]}'),
    fc.constant(
      '{"model":"gpt-4o","messages":[{"role":"user","content":"gr\\u00fc\\u00dfe \\ud83d\\udc4b"}],"stream":true}',
    ),
    fc.constant('{"model":"gpt-4o","model":"gpt-4o","messages":[]}'),
    fc.constant('{"model":"gpt-4o","messages":[{"role":"user","content":"\\ud83d"}]}'),
    fc.constant('\ufeff{"model":"gpt-4o"}'),
    fc.json(),
  )
  .map((text) => new Uint8Array(Buffer.from(text)));
const body = fc.oneof({ weight: 3, arbitrary: json }, fc.uint8Array({ maxLength: 64 }));
const path = fc.oneof(
  fc.constantFrom(
    '/v1/chat/completions',
    '/chat/completions/',
    '/a/hr-bot/v1/chat/completions',
    '/a/other/chat/completions',
  ),
  fc.constantFrom(
    '/v1/chat%2Fcompletions',
    '/v1//chat/completions',
    '/v1/chat/completions?x=1&x=2&y=%20',
    '/v1/../v1/models',
    '/v1/models',
  ),
  fc.constantFrom(
    '/v1/models/gpt-4o',
    '/v1/models/%ff',
    '/keeptrusts/health',
    '/a/b/c/%41',
    '/v1/chat/./completions',
    '/?',
    '/v1/embeddings',
  ),
);
const value = fc.oneof(
  fc.constantFrom('', 'a,b', 'a b', '"x"', 'x'.repeat(300), 'a;b=c', 'gr\u00fc\u00df', '  padded  ', '\t'),
  fc.string({
    unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)),
    maxLength: 20,
  }),
);
const header = fc.tuple(
  fc.constantFrom(
    'x-dify-app-id',
    'X-User-Id',
    'x-keeptrusts-agent-id',
    'traceparent',
    'cookie',
    'x-other',
    'content-type',
    'accept-encoding',
  ),
  value,
);
const auth = fc.constantFrom(
  ['Bearer KEY'],
  ['Bearer KEY', 'Bearer KEY'],
  [],
  ['bearer KEY'],
  ['Bearer KEY,Bearer KEY'],
  ['Basic KEY'],
  ['Bearer  KEY '],
  ['KEY'],
  ['Bearer'],
);

test('the same request through both doors is the same call, or the same refusal', async () => {
  const raw = fc.record({
    method: fc.constantFrom('POST', 'POST', 'POST', 'GET', 'PUT'),
    path,
    auth,
    headers: fc.array(header, { maxLength: 4 }),
    body,
  });
  let served = 0;
  await fc.assert(
    fc.asyncProperty(raw, async ({ auth: keys, headers, ...rest }) => {
      const [one, two, saidOne, saidTwo] = await both(({ apiKey }) => ({
        ...rest,
        headers: [
          ...keys.map((text) => ['authorization', text.replaceAll('KEY', apiKey)] as const),
          ...headers,
        ],
      }));
      expect(saidTwo).toBe(saidOne);
      expect(two).toEqual(one);
      served += one.length;
    }),
    { numRuns: 300 },
  );
  // Most requests get as far as the gateway itself; the rest are refused by the doors, alike.
  expect(served).toBeGreaterThan(200);
});
