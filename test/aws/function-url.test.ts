import { afterEach, beforeAll, expect, test } from '@jest/globals';
import type { LambdaFunctionURLEvent } from 'aws-lambda';
import * as fc from 'fast-check';
import type { App, CallContext } from '#core/app.ts';
import { deadlineAfter } from '../../lib/aws/function-url.ts';
import { requestFromEvent } from '../../lib/aws/function-url-request.ts';
import { createInProcessRunner } from '../../lib/local-cloud/lambda/in-process-runner.ts';
import type { LambdaHandler } from '../../lib/local-cloud/lambda/invocation.ts';
import { createAwsLambda, PRELUDE_END } from '../../lib/local-cloud/lambda/response-stream.ts';
import type { Runner } from '../../lib/local-cloud/lambda/runner.ts';

const open: Runner[] = [];
const errors: Record<string, unknown>[] = [];
const log = { info: () => {}, error: (message: string, fields = {}) => errors.push({ message, ...fields }) };

beforeAll(() => {
  Object.assign(globalThis, { awslambda: createAwsLambda() });
});
afterEach(async () => {
  errors.length = 0;
  await Promise.all(open.splice(0).map((runner) => runner.close()));
});

function eventOf(
  overrides: Partial<LambdaFunctionURLEvent> & { method?: string } = {},
): LambdaFunctionURLEvent {
  const { method = 'GET', ...rest } = overrides;
  return {
    version: '2.0',
    rawPath: '/',
    rawQueryString: '',
    headers: {},
    isBase64Encoded: false,
    requestContext: {
      domainName: 'abc.lambda-url.eu-central-1.on.aws',
      http: { method, sourceIp: '10.0.0.9' },
    },
    ...rest,
  } as LambdaFunctionURLEvent;
}

/** Calls the door as Lambda would and reads its answer as Lambda would. */
async function call(app: App, event: unknown, timeoutSeconds = 30) {
  const { serveFunctionUrl } = require('../../lib/aws/function-url.ts');
  const load = async () => serveFunctionUrl(app, { log }) as LambdaHandler;
  const runner = createInProcessRunner({ name: 'door', arn: 'arn', timeoutSeconds, load });
  open.push(runner);
  const { body } = await runner.invoke(event, 'request-7');
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(Buffer.from(chunk));
  const all = Buffer.concat(chunks);
  const split = all.indexOf(PRELUDE_END);
  return {
    ...(JSON.parse(all.subarray(0, split).toString()) as {
      statusCode: number;
      headers: Record<string, string>;
      cookies?: string[];
    }),
    body: all.subarray(split + PRELUDE_END.length).toString(),
  };
}

test('the app sees method, raw path, query, headers, cookies and body as the client sent them', async () => {
  const event = eventOf({
    method: 'POST',
    rawPath: '/v1/chat%2Fcompletions',
    rawQueryString: 'a=1&a=2&b=%20',
    headers: { authorization: 'Bearer one,Bearer two', 'content-type': 'application/json' },
    cookies: ['x=1', 'y=2'],
    body: '{"text":"grüße 👋"}',
  });
  const { body } = await call(
    async (request) =>
      Response.json({
        method: request.method,
        url: request.url,
        headers: Object.fromEntries(request.headers),
        text: await request.text(),
      }),
    event,
  );

  expect(JSON.parse(body)).toEqual({
    method: 'POST',
    url: 'https://abc.lambda-url.eu-central-1.on.aws/v1/chat%2Fcompletions?a=1&a=2&b=%20',
    headers: {
      authorization: 'Bearer one,Bearer two',
      'content-type': 'application/json',
      cookie: 'x=1; y=2',
    },
    text: '{"text":"grüße 👋"}',
  });
});

test('any bytes survive the way through a base64 body', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ minLength: 1 }), async (bytes) => {
      const body = Buffer.from(bytes).toString('base64');
      const request = requestFromEvent(eventOf({ method: 'POST', body, isBase64Encoded: true }));

      expect(new Uint8Array(await request.arrayBuffer())).toEqual(bytes);
    }),
  );
});

test('the app learns the caller address', async () => {
  let seen: CallContext | undefined;
  await call(async (_request, context) => {
    seen = context;
    return new Response('ok');
  }, eventOf());

  expect(seen?.sourceIp).toBe('10.0.0.9');
});

test.each([
  [300_000, 290_000],
  [60_000, 50_000],
  [30_000, 24_000],
  [1000, 800],
  [0, 0],
  [-5, 0],
])('with %i ms left the app has %i ms', (remaining, own) => {
  expect(deadlineAfter(5000, remaining)).toBe(5000 + own);
});

test('status, headers and several cookies reach the client', async () => {
  const headers = new Headers({ 'content-type': 'text/plain', 'content-length': '3', 'x-a': '1' });
  headers.append('set-cookie', 'a=1');
  headers.append('set-cookie', 'b=2');
  const answer = await call(async () => new Response('hey', { status: 418, headers }), eventOf());

  expect(answer).toEqual({
    statusCode: 418,
    headers: { 'content-type': 'text/plain', 'x-a': '1' },
    cookies: ['a=1', 'b=2'],
    body: 'hey',
  });
});

test('an empty body keeps its status', async () => {
  expect(await call(async () => new Response(null, { status: 204 }), eventOf())).toMatchObject({
    statusCode: 204,
    body: '',
  });
});

test('an app that fails before its first byte is a 500 with the request id', async () => {
  const answer = await call(async () => {
    throw new Error('secret detail');
  }, eventOf());

  expect(answer.statusCode).toBe(500);
  expect(answer.headers['x-request-id']).toBe('request-7');
  expect(JSON.parse(answer.body)).toEqual({
    error: {
      message: 'The gateway failed. Try again; if it stays, quote request request-7.',
      type: 'server_error',
      param: null,
      code: 'internal_error',
    },
  });
  expect(errors).toEqual([
    { message: 'the app failed before its first byte', request_id: 'request-7', error: 'Error' },
  ]);
});

test('a body that fails half-way ends an event stream with an error frame', async () => {
  let sent = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (sent++ > 0) controller.error(new Error('lost'));
      else controller.enqueue(Buffer.from('data: {}\n\n'));
    },
  });
  const answer = await call(
    async () => new Response(body, { headers: { 'content-type': 'text/event-stream' } }),
    eventOf(),
  );

  expect(answer.statusCode).toBe(200);
  expect(answer.body).toMatch(/^data: \{\}\n\ndata: \{"error": "[^"]+"\}\n\n$/);
});

test('a body larger than every buffer arrives whole', async () => {
  const part = Buffer.alloc(50_000, 'x');
  async function* parts() {
    for (let i = 0; i < 40; i++) yield part;
  }
  const answer = await call(async () => new Response(ReadableStream.from(parts())), eventOf());

  expect(answer.body.length).toBe(2_000_000);
});

test.each([
  ['an event that is no HTTP request', { Records: [] }, 400, 'invalid_request'],
  ['a method the web does not allow', eventOf({ method: 'TRACE' }), 405, 'method_not_allowed'],
  ['a header with forbidden characters', eventOf({ headers: { 'x-a': 'a\nb' } }), 400, 'invalid_request'],
])('%s is refused', async (_name, event, status, code) => {
  const answer = await call(async () => new Response('never'), event);

  expect([answer.statusCode, JSON.parse(answer.body).error.code]).toEqual([status, code]);
  expect(errors).toEqual([]);
});
