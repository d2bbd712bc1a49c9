import { afterEach, expect, test } from '@jest/globals';
import { chat, readStream, startGateway, type TestGateway, type TestOptions } from '../support/gateway.ts';
import { eventually } from '../support/stack.ts';
import { json, type Script, says, streamChunks } from '../support/upstream.ts';

let gateway: TestGateway;
afterEach(() => gateway.close());

const fails =
  (status: number, headers = {}): Script =>
  (_call, response) =>
    json(response, status, { error: { message: `status ${status}` } }, headers);

test.each([
  [500, 502, 'provider_error', 2],
  [503, 502, 'provider_error', 2],
  [429, 429, 'provider_rate_limited', 1],
  [400, 400, 'provider_rejected', 1],
  [401, 502, 'provider_auth_error', 2],
  [307, 502, 'provider_error', 1],
])('provider status %i becomes %i %s after %i calls', async (status, told, code, calls) => {
  gateway = await startGateway();
  const headers = { location: 'http://127.0.0.1:9/steal', ...(status === 429 ? { 'retry-after': '7' } : {}) };
  gateway.upstream.answer(fails(status, headers));

  const response = await gateway.post(chat('hello'));

  expect([response.status, ((await response.json()) as { error: { code: string } }).error.code]).toEqual([
    told,
    code,
  ]);
  expect(gateway.upstream.calls).toHaveLength(calls);
  if (status === 429) expect(response.headers.get('retry-after')).toBe('7');
  const [event] = await gateway.stored(1);
  expect(event).toMatchObject({ type: 'request.failed', error_code: code, cost: { micros: 0 } });
  expect(event?.attempts.map((attempt) => attempt.status)).toEqual(Array(calls).fill(status));
});

test('a provider that asks for a longer pause than two seconds is not asked again, and the client learns it', async () => {
  gateway = await startGateway();
  gateway.upstream.answer(fails(503, { 'retry-after': '7' }));

  const response = await gateway.post(chat('hello'));

  expect([response.status, response.headers.get('retry-after')]).toEqual([502, '7']);
  expect(gateway.upstream.calls).toHaveLength(1);
});

test('a provider that recovers is asked again, once', async () => {
  gateway = await startGateway();
  let calls = 0;
  gateway.upstream.answer((call, response) => {
    calls += 1;
    return calls === 1 ? fails(500)(call, response) : says('recovered')(call, response);
  });

  const answer = await gateway.client.chat.completions.create(chat('hello') as never);

  expect(answer.choices[0]?.message.content).toBe('recovered');
  expect((await gateway.stored(1))[0]).toMatchObject({
    type: 'request.completed',
    attempts: [{ status: 500 }, { status: 200 }],
  });
});

test('a refused connection gives 502', async () => {
  gateway = await startGateway({ options: { baseUrlOverride: 'http://127.0.0.1:9/v1' } });

  const response = await gateway.post(chat('hello'));

  expect(response.status).toBe(502);
});

test('an answer that is not JSON gives 502', async () => {
  gateway = await startGateway();
  gateway.upstream.answer(
    (_call, response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>'),
  );

  expect((await gateway.post(chat('hello'))).status).toBe(502);
  expect((await gateway.post(chat('hello', { stream: true }))).status).toBe(502);
});

test('a stream that breaks off ends with an error frame without choices, and is recorded with an estimate', async () => {
  gateway = await startGateway();
  const delta = (content: string) => ({ choices: [{ index: 0, delta: { content }, finish_reason: null }] });
  gateway.upstream.answer((_call, response) =>
    streamChunks(response, [delta('Half of '), delta('an answer '), delta('is')], {
      end: 'cut',
      pauseMs: 20,
    }),
  );

  const { raw, frames } = await readStream(await gateway.post(chat('hello', { stream: true })));

  expect(frames.at(-1)).toEqual({ error: expect.stringMatching(/broke off.*Reference: 01TEST/) });
  expect(raw).not.toContain('[DONE]');
  expect((await gateway.stored(1))[0]).toMatchObject({
    type: 'request.failed',
    complete: false,
    usage: { source: 'estimated' },
  });
});

test('a stream that breaks before its first text gives a status', async () => {
  gateway = await startGateway();
  gateway.upstream.answer((_call, response) => streamChunks(response, [], { end: 'cut' }));

  expect((await gateway.post(chat('hello', { stream: true }))).status).toBe(502);
});

test('an error inside a stream is not mistaken for an answer', async () => {
  gateway = await startGateway();
  gateway.upstream.answer((_call, response) =>
    streamChunks(response, [{ error: { message: 'overloaded' }, choices: [] }]),
  );

  expect((await gateway.post(chat('hello', { stream: true }))).status).toBe(502);
});

test('a silent provider is bridged with comment blocks of their own', async () => {
  gateway = await startGateway({ options: { heartbeatMs: 30 } });
  gateway.upstream.answer(async (call, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.flushHeaders();
    await new Promise((resolve) => setTimeout(resolve, 200));
    const chunk = { choices: [{ index: 0, delta: { content: 'late' }, finish_reason: 'stop' }] };
    response.end(`data: ${JSON.stringify(chunk)}\n\ndata: [DONE]\n\n`);
    void call;
  });

  const { raw, text } = await readStream(await gateway.post(chat('hello', { stream: true })));

  expect(raw.split('\n\n').filter((block) => block === ': keep-alive').length).toBeGreaterThanOrEqual(2);
  expect(text).toBe('late');
});

test('a client that leaves stops the provider and is recorded with what it cost', async () => {
  gateway = await startGateway();
  let closed = false;
  gateway.upstream.answer(async (call, response) => {
    response.on('close', () => {
      closed = true;
    });
    await says('a long answer that nobody waits for until the end of it', { pauseMs: 50 })(call, response);
  });
  const leave = new AbortController();

  const response = await fetch(`${gateway.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${gateway.apiKey}` },
    body: JSON.stringify(chat('hello', { stream: true })),
    signal: leave.signal,
  });
  await response.body?.getReader().read();
  leave.abort();

  const [event] = await gateway.stored(1);
  expect(event).toMatchObject({
    type: 'request.client_aborted',
    complete: false,
    usage: { source: 'estimated' },
  });
  await eventually(async () => closed || undefined);
});

test('without a durable intent the provider is not called', async () => {
  gateway = await startGateway({ ports: { intents: { open: () => Promise.reject(new Error('down')) } } });

  const response = await gateway.post(chat('hello'));

  expect([response.status, ((await response.json()) as { error: { code: string } }).error.code]).toEqual([
    503,
    'audit_unavailable',
  ]);
  expect(gateway.upstream.calls).toHaveLength(0);
});

test('an intent precedes every provider call', async () => {
  gateway = await startGateway();
  gateway.upstream.answer((call, response) => {
    expect(gateway.intents).toHaveLength(1);
    return says('fine')(call, response);
  });

  await (await gateway.post(chat('hello', { max_tokens: 100 }))).text();

  expect(gateway.intents[0]).toMatchObject({
    appId: 'hr-bot',
    model: 'gpt-4o',
    worstCaseMicros: expect.any(Number),
  });
});

test('a missing provider key gives 503 that names it, without a provider call', async () => {
  gateway = await startGateway({ ports: { secrets: { get: () => Promise.reject(new Error('no')) } } });

  const response = await gateway.post(chat('hello'));

  expect(response.status).toBe(503);
  expect(await response.text()).toContain('OPENAI_API_KEY');
});

test.each([true, false])(
  'the deadline of the door ends the call with a timeout (streamed: %s)',
  async (stream) => {
    const hurry: TestOptions['wrap'] = (app) => (request, context) =>
      app(request, { ...context, deadline: Date.now() + 300 });
    gateway = await startGateway({ wrap: hurry });
    gateway.upstream.answer((call, response) =>
      says('a long answer that takes its time to come', { pauseMs: 100 })(call, response),
    );
    if (!stream) gateway.upstream.answer(() => new Promise(() => undefined));

    const response = await gateway.post(chat('hello', { stream }));

    if (stream)
      expect((await readStream(response)).frames.at(-1)).toEqual({
        error: expect.stringContaining('longer than the gateway can wait'),
      });
    else
      expect([response.status, await response.json()]).toMatchObject([
        504,
        { error: { code: 'provider_timeout' } },
      ]);
    expect((await gateway.stored(1))[0]).toMatchObject({
      type: 'request.failed',
      error_code: 'provider_timeout',
    });
  },
);
