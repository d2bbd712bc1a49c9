import { readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { afterEach, describe, expect, test } from '@jest/globals';
import { FAILURES } from '#core/errors.ts';
import { guardedFetch, type Resolve } from '#egress/guarded-fetch.ts';
import { FAULTS, STREAM_FAULTS } from '../../scripts/provider-faults.ts';
import { readLikeDify } from '../support/dify-reader.ts';
import { chat, startGateway, type TestGateway, type TestOptions } from '../support/gateway.ts';
import { json, type Script } from '../support/upstream.ts';

/** Limits are short only where they are to be reached: a busy machine must not reach them by itself. */
const packAt = (more: string, ms = 10_000) => `pack: { name: p, version: "1" }
providers: [{ name: openai, model: gpt-4o, secret_key_ref: { env: K }, timeout_ms: ${ms}, idle_timeout_ms: ${ms} ${more} }]
policies: { chain: [prompt-injection] }`;
const PACK = packAt('');
const HASTY = packAt('', 300);
const packFor = (fault: string) => (/silence|in time/.test(fault) ? HASTY : PACK);

let gateway: TestGateway;
const open: { close(): unknown }[] = [];
afterEach(async () => {
  await gateway.close();
  for (const each of open.splice(0)) each.close();
});

const status =
  (code: number, headers = {}): Script =>
  (_call, response) =>
    json(response, code, { error: { message: 'as scripted' } }, headers);
const raw =
  (text: string, type: string): Script =>
  (_call, response) =>
    void response.writeHead(200, { 'content-type': type }).end(text);
const resolving = (resolve: Resolve): TestOptions => ({
  ownUrls: true,
  pack: packAt(', base_url: "https://api.provider.example.com/v1"'),
  ports: { fetch: guardedFetch(resolve) },
});

/** How each fault of the table is made: a script for the provider, or a gateway of its own. */
const MAKE: Record<string, Script | (() => TestOptions | Promise<TestOptions>)> = {
  'connection refused': () => ({ options: { baseUrlOverride: 'http://127.0.0.1:9/v1' } }),
  'name does not resolve': () =>
    resolving((_name, done) => done(Object.assign(new Error('no such name'), { code: 'ENOTFOUND' }), [])),
  'name resolves to an inner address': () =>
    resolving((_name, done) => done(null, [{ address: '169.254.169.254', family: 4 }])),
  'self-signed certificate': selfSigned,
  'connection reset': (_call: unknown, response: ServerResponse) => void response.destroy(),
  'status 429 with Retry-After': status(429, { 'retry-after': '7' }),
  'status 429': status(429),
  'status 500': status(500),
  'status 503 with a long Retry-After': status(503, { 'retry-after': '30' }),
  'status 400': status(400),
  'status 401': status(401),
  'status 403': status(403),
  'a redirect': status(307, { location: 'https://example.com/' }),
  'no first byte in time': (_call: unknown, _response: ServerResponse) => new Promise(() => undefined),
  'silence after the headers': ({ body }: { body: object }, response: ServerResponse) => {
    const stream = 'stream' in body && body.stream === true;
    response.writeHead(200, { 'content-type': stream ? 'text/event-stream' : 'application/json' });
    response.flushHeaders();
  },
  'HTML with status 200': raw('<html>hello</html>', 'text/html'),
  'an empty body': raw('', 'text/event-stream'),
  'JSON without choices': raw('{"object":"list"}', 'application/json'),
};

async function selfSigned(): Promise<TestOptions> {
  const file = (name: string) => readFileSync(`test/fixtures/tls/self-signed.${name}.pem`);
  const server = createTlsServer({ key: file('key'), cert: file('cert') }, (_request, response) =>
    response.end(),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push(server);
  const { port } = server.address() as { port: number };
  return { options: { baseUrlOverride: `https://127.0.0.1:${port}/v1` } };
}

async function startWith(fault: string): Promise<void> {
  const how = MAKE[fault];
  if (!how) throw new Error(`nothing makes "${fault}"`);
  const script = how.length > 0;
  const given = script ? {} : await (how as () => Promise<TestOptions>)();
  gateway = await startGateway({ pack: packFor(fault), ...given });
  if (script) gateway.upstream.answer(how as Script);
}

describe.each([
  ['whole', false],
  ['streamed', true],
])('before the first byte, %s', (_form, stream) => {
  test.each(FAULTS)('$fault', async ({ fault, code, calls, recorded, mayCost = false }) => {
    await startWith(fault);
    const dify = await readLikeDify(await gateway.post(chat('hello', { stream })), stream);
    const attempts = gateway.events[0]?.attempts;

    expect(dify.error).toContain(`API request failed with status code ${FAILURES[code].status}`);
    expect(dify.error).toContain(`"code":"${code}"`);
    const micros = mayCost ? gateway.intents[0]?.worstCaseMicros : 0;
    expect(await gateway.stored(1)).toMatchObject([
      { type: 'request.failed', error_code: code, complete: false, cost: { micros } },
    ]);
    expect(micros === 0).toBe(!mayCost);
    expect(attempts?.map(({ error }) => error)).toEqual(Array(calls).fill(recorded));
    await expect(
      gateway.client.chat.completions.create(chat('hello', { stream }) as never),
    ).rejects.toMatchObject({
      status: FAILURES[code].status,
    });
  });
});

const chunk = (content: string, finish: string | null = null) =>
  `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [{ index: 0, delta: { content }, finish_reason: finish }] })}\n\n`;
const begin = (response: ServerResponse) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write(chunk('Half of the answer. '));
};
const later = (do_: () => void) => void setTimeout(do_, 20);

const BREAK: Record<string, (response: ServerResponse) => void> = {
  cut: (response) => later(() => response.destroy()),
  'ended without finish_reason or [DONE]': (response) => later(() => response.end()),
  'silence longer than idle_timeout_ms': () => undefined,
  'three unreadable frames in a row': (response) => response.end('data: {a\n\ndata: <b>\n\ndata: c\n\n'),
  'an error in the stream': (response) => response.end('data: {"error":{"message":"overloaded"}}\n\n'),
  'an error with empty choices': (response) =>
    response.end('data: {"error":{"message":"x"},"choices":[]}\n\n'),
  'too large': (response) => {
    const frame = chunk('').replace('"c"', `"${'x'.repeat(1_000_000)}"`);
    for (let i = 0; i < 40; i += 1) response.write(frame);
  },
};

describe('after the first text of a stream', () => {
  test.each(STREAM_FAULTS)(
    '$fault',
    async ({ fault, code, recorded }) => {
      gateway = await startGateway({ pack: packFor(fault) });
      gateway.upstream.answer((_call, response) => {
        begin(response);
        BREAK[fault]?.(response);
      });
      const dify = await readLikeDify(await gateway.post(chat('hello', { stream: true })), true);

      expect(dify).toMatchObject({
        text: 'Half of the answer. ',
        silent: false,
        error: expect.stringMatching(/Reference: /),
      });
      expect(await gateway.stored(1)).toMatchObject([
        {
          type: 'request.failed',
          error_code: code,
          complete: false,
          usage: { source: 'estimated' },
          attempts: [{ status: 200, error: recorded }],
        },
      ]);
      await expect(openaiText()).rejects.toThrow();
      expect(gateway.upstream.calls).toHaveLength(2);
    },
    60_000,
  );
});

async function openaiText(): Promise<string> {
  const stream = await gateway.client.chat.completions.create(chat('hello', { stream: true }) as never);
  let text = '';
  for await (const { choices } of stream as unknown as AsyncIterable<{
    choices: { delta: { content?: string } }[];
  }>) {
    text += choices[0]?.delta.content ?? '';
  }
  return text;
}

const TEXT = 'Grüße aus Köln. ';
const STREAM = new TextEncoder().encode(
  `: hello\n\n${chunk('Grüße ')}${chunk('aus ')}${chunk('Köln. ')}${chunk('', 'stop')}data: ${JSON.stringify({ choices: [], usage: { prompt_tokens: 5, completion_tokens: 4 } })}\n\ndata: [DONE]\n\n`,
);
const WHOLE = new TextEncoder().encode(
  JSON.stringify({
    id: 'c',
    object: 'chat.completion',
    choices: [{ index: 0, message: { role: 'assistant', content: TEXT }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 5, completion_tokens: 4 },
  }),
);

describe.each([
  ['streamed', STREAM, 'reset'],
  ['streamed', STREAM, 'ended'],
  ['whole', WHOLE, 'reset'],
  ['whole', WHOLE, 'ended'],
] as const)('an answer that is %s', (form, bytes, how) => {
  test(`and ${how === 'reset' ? 'cut' : 'ended early'} at any byte is complete or an error, never less without saying so`, async () => {
    const stream = form === 'streamed';
    // Every call finds the breaker ready for a probe: what is cut here is the answer, not the target.
    let now = Date.parse('2026-11-28T10:00:00Z');
    gateway = await startGateway({
      pack: packAt(', max_attempts: 1'),
      ports: { clock: { now: () => now } },
      wrap: (app) => (request, context) => app(request, { ...context, deadline: now + 300_000 }),
    });
    let cut = 0;
    gateway.upstream.answer(async (_call, response) => {
      response.writeHead(200, { 'content-type': stream ? 'text/event-stream' : 'application/json' });
      response.flushHeaders();
      const sent = bytes.slice(0, cut);
      if (how === 'ended') response.end(sent);
      else response.write(sent, () => setImmediate(() => response.destroy()));
    });
    const outcomes = { complete: 0, error: 0 };
    for (cut = 0; cut <= bytes.length; cut += 1) {
      now += 60_000;
      const dify = await readLikeDify(await gateway.post(chat('hello', { stream })), stream);
      const told = dify.error !== undefined;
      expect({ cut, silent: dify.silent, partial: !told && dify.text !== TEXT }).toEqual({
        cut,
        silent: false,
        partial: false,
      });
      const event = (await gateway.stored(cut + 1))[cut];
      expect({ cut, complete: event?.complete, calls: event?.attempts.length }).toEqual({
        cut,
        complete: !told,
        calls: 1,
      });
      outcomes[told ? 'error' : 'complete'] += 1;
    }
    expect(outcomes.error).toBeGreaterThan(bytes.length / 2);
    if (how === 'ended') expect(outcomes.complete).toBeGreaterThan(0);
  }, 120_000);
});

test('a stream of two choices that ends before both are finished is an error', async () => {
  gateway = await startGateway({ pack: PACK });
  gateway.upstream.answer((_call, response) => {
    begin(response);
    response.write(chunk('second').replace('"index":0', '"index":1'));
    response.end(chunk('', 'stop'));
  });

  await expect(openaiText()).rejects.toThrow();
  expect((await gateway.stored(1))[0]).toMatchObject({ type: 'request.failed', complete: false });
});

test('an answer that stalls half-way is a timeout', async () => {
  gateway = await startGateway({ pack: HASTY });
  gateway.upstream.answer((_call, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.write('{"choices":[');
  });

  expect((await gateway.post(chat('hello'))).status).toBe(504);
});

describe('usage that cannot be true', () => {
  test.each([
    ['is negative', { prompt_tokens: -5, completion_tokens: -1 }],
    ['is a text', { prompt_tokens: '5', completion_tokens: '4' }],
    ['is larger than any number', { prompt_tokens: 1e300, completion_tokens: 1e300 }],
    ['is no number', { prompt_tokens: null, completion_tokens: [] }],
    ['is missing', undefined],
    ['is not an object', 'many'],
  ])('and %s is replaced by an estimate', async (_what, usage) => {
    gateway = await startGateway({ pack: PACK });
    const choices = [{ index: 0, message: { role: 'assistant', content: TEXT }, finish_reason: 'stop' }];
    gateway.upstream.answer((_call, response) => json(response, 200, { choices, usage }));
    const dify = await readLikeDify(await gateway.post(chat('hello')), false);

    expect(dify.usage?.prompt_tokens).toBeGreaterThan(0);
    expect(dify.usage?.completion_tokens).toBeGreaterThan(0);
    const [event] = await gateway.stored(1);
    expect(event).toMatchObject({ complete: true, usage: { source: 'estimated' } });
    expect(event?.cost.micros).toBeGreaterThan(0);
  });

  test('and contradicts its parts never gives a negative class', async () => {
    gateway = await startGateway({ pack: PACK });
    const choices = [{ index: 0, message: { role: 'assistant', content: TEXT }, finish_reason: 'stop' }];
    const usage = {
      prompt_tokens: 5,
      completion_tokens: 4,
      total_tokens: 1,
      prompt_tokens_details: { cached_tokens: 50 },
      completion_tokens_details: { reasoning_tokens: 90 },
    };
    gateway.upstream.answer((_call, response) => json(response, 200, { choices, usage }));
    await readLikeDify(await gateway.post(chat('hello')), false);

    expect((await gateway.stored(1))[0]?.usage).toMatchObject({
      input: 0,
      cached_input: 5,
      output: 0,
      reasoning: 4,
    });
  });
});
