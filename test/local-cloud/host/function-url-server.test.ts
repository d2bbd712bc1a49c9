import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, expect, test } from '@jest/globals';
import {
  type FunctionUrlServer,
  serveFunctionUrl,
} from '../../../lib/local-cloud/lambda/function-url-server.ts';
import { createInProcessRunner } from '../../../lib/local-cloud/lambda/in-process-runner.ts';
import type { LambdaHandler } from '../../../lib/local-cloud/lambda/invocation.ts';
import type { Runner } from '../../../lib/local-cloud/lambda/runner.ts';

const closers: (() => Promise<void>)[] = [];
const failures: string[] = [];

afterEach(async () => {
  failures.length = 0;
  for (const close of closers.splice(0)) await close();
});

async function serve(runner: Runner): Promise<FunctionUrlServer> {
  const server = await serveFunctionUrl(runner, {
    host: '127.0.0.1',
    port: 0,
    account: '000000000000',
    onFailure: (line) => failures.push(line),
  });
  closers.push(server.close, runner.close);
  return server;
}

function rowRunner(name: string, timeoutSeconds = 20): Runner {
  const load = async () => require('../../fixtures/functions/rows/handlers.ts')[name] as LambdaHandler;
  return createInProcessRunner({ name, arn: `arn:${name}`, timeoutSeconds, load });
}

/** A runner whose only job is to be asked. */
function handlerRunner(handler: (...args: never[]) => unknown): Runner {
  const load = async () => handler as LambdaHandler;
  return createInProcessRunner({ name: 'own', arn: 'arn:own', timeoutSeconds: 20, load });
}

test('a streamed answer keeps status, headers and cookies, piece by piece', async () => {
  const { url } = await serve(rowRunner('fiveWrites'));
  const response = await fetch(url);
  const times: number[] = [];
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += Buffer.from(chunk).toString();
    times.push(Date.now());
  }

  expect(response.status).toBe(201);
  expect(response.headers.get('content-type')).toBe('text/plain');
  expect(response.headers.get('x-row')).toBe('yes');
  expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
  expect(response.headers.get('x-amzn-requestid')).toMatch(/^[0-9a-f-]{36}$/);
  expect(text).toBe('12345');
  expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeGreaterThan(250);
});

test('the event has the shape of payload format 2.0', async () => {
  const { url } = await serve(rowRunner('url'));
  const response = await fetch(`${url}/v1/a%20b?x=1&x=2&y=%C3%BC`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Cookie: 'a=1; b=2', 'User-Agent': 'test' },
    body: '{"ü":1}',
  });
  const event = (await response.json()) as { requestContext: { time: string } };

  expect(event).toMatchObject({
    version: '2.0',
    routeKey: '$default',
    rawPath: '/v1/a%20b',
    rawQueryString: 'x=1&x=2&y=%C3%BC',
    cookies: ['a=1', 'b=2'],
    queryStringParameters: { x: '1,2', y: 'ü' },
    headers: { 'content-type': 'application/json', 'x-forwarded-for': '127.0.0.1' },
    requestContext: {
      accountId: '000000000000',
      http: { method: 'POST', path: '/v1/a%20b', sourceIp: '127.0.0.1', userAgent: 'test' },
      requestId: response.headers.get('x-amzn-requestid'),
    },
    body: '{"ü":1}',
    isBase64Encoded: false,
  });
  expect(event.requestContext.time).toMatch(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/);
});

test.each([
  ['application/octet-stream', Buffer.from([0, 255, 10]), true],
  ['application/json', Buffer.from([0x7b, 0xff, 0x7d]), true],
  ['text/plain', Buffer.from('plain ✓'), false],
])('a body of %s reaches the function with the same bytes', async (type, bytes, base64) => {
  const { url } = await serve(rowRunner('url'));
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': type }, body: bytes });
  const event = (await response.json()) as { body: string; isBase64Encoded: boolean };

  expect(event.isBase64Encoded).toBe(base64);
  expect(Buffer.from(event.body, base64 ? 'base64' : 'utf8')).toEqual(bytes);
});

test('two Authorization headers arrive joined by a comma', async () => {
  const { url } = await serve(rowRunner('url'));
  const { port } = new URL(url);
  const raw = await new Promise<string>((resolve) => {
    let text = '';
    const socket = connect(Number(port), '127.0.0.1', () =>
      socket.write(
        'GET / HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer one\r\nAuthorization: Bearer two\r\nConnection: close\r\n\r\n',
      ),
    );
    socket.on('data', (chunk) => {
      text += chunk;
    });
    socket.on('close', () => resolve(text));
  });

  expect(raw).toContain('"authorization":"Bearer one,Bearer two"');
});

test.each([
  ['throwsFirst', 'RangeError: before any write'],
  [
    'endWithBody',
    "InvalidResponse: The function's answer cannot be served: it began a streamed answer without a prelude",
  ],
  [
    'endOnly',
    "InvalidResponse: The function's answer cannot be served: it began a streamed answer without a prelude",
  ],
  ['bufferedThrows', 'RangeError: on purpose'],
])('a function that %s is a 502', async (name, line) => {
  const { url } = await serve(rowRunner(name));
  const response = await fetch(url);

  expect(response.status).toBe(502);
  expect(await response.json()).toMatchObject({ Message: 'Internal Server Error' });
  expect(failures).toEqual([line]);
});

test('a function that fails after its first byte cuts the connection', async () => {
  const { url } = await serve(rowRunner('throwsLater'));
  const response = await fetch(url);

  expect(response.status).toBe(201);
  await expect(response.text()).rejects.toThrow('terminated');
});

test('a function over its time before its first byte is a 502', async () => {
  const { url } = await serve(rowRunner('sleeps', 1));

  expect((await fetch(url)).status).toBe(502);
});

test('a buffered answer becomes HTTP', async () => {
  const { url } = await serve(rowRunner('bufferedUrl'));
  const response = await fetch(`${url}/x`);

  expect([response.status, response.headers.get('x-custom'), await response.text()]).toEqual([
    203,
    'c',
    'bytes',
  ]);
  expect(response.headers.getSetCookie()).toEqual(['a=1']);
  expect(await (await fetch(`${url}/plain`)).json()).toEqual({ hello: 'you' });
});

test('a body of 6 MB passes', async () => {
  const { url } = await serve(handlerRunner(async (event: { body: string }) => event.body.length));
  const body = 'x'.repeat(6 * 1024 * 1024);

  const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'text/plain' }, body });
  expect(await response.json()).toBe(body.length);
});

test('a larger body is refused with 413 before the function is asked', async () => {
  let asked = 0;
  const { url } = await serve(handlerRunner(async () => ++asked));
  const body = 'x'.repeat(7 * 1024 * 1024);
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'text/plain' }, body });

  expect([response.status, asked]).toEqual([413, 0]);
  expect(await response.json()).toMatchObject({
    error: { code: 'request_too_large', type: 'invalid_request_error' },
  });
});

test('a client that leaves does not stop the function', async () => {
  const done = Promise.withResolvers<number>();
  const runner = rowRunner('fiveWrites');
  const watched: Runner = {
    ...runner,
    async invoke(...args) {
      const response = await runner.invoke(...args);
      async function* body() {
        let size = 0;
        for await (const chunk of response.body) {
          size += chunk.length;
          yield chunk;
        }
        done.resolve(size);
      }
      return { ...response, body: body() };
    },
  };
  const { url } = await serve(watched);
  const client = httpRequest(url, (response) => response.once('data', () => client.destroy()));
  client.on('error', () => {}).end();

  expect(await done.promise).toBeGreaterThan(100);
  await wait(20);
  expect(failures).toEqual([]);
});

test('a port in use is told by its code', async () => {
  const first = await serve(rowRunner('buffered'));
  const port = Number(new URL(first.url).port);
  const second = serveFunctionUrl(rowRunner('buffered'), { host: '127.0.0.1', port, account: '0' });

  await expect(second).rejects.toMatchObject({ code: 'EADDRINUSE' });
});
