import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterEach, expect, test } from '@jest/globals';
import { guardedFetch } from '#egress/guarded-fetch.ts';

let server: Server;
afterEach(() => {
  server.closeAllConnections();
  return new Promise<void>((resolve) => server.close(() => resolve()));
});

async function serve(handle: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  server = createServer(handle);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as { port: number }).port}/`;
}

const fetch = guardedFetch();
const post = (url: string, init: RequestInit = {}) =>
  fetch(url, { method: 'POST', reach: 'loopback', ...init });

test('sends the body as it is and hands on status, headers and body', async () => {
  let seen = '';
  const url = await serve(async (request, response) => {
    for await (const chunk of request) seen += chunk;
    response.writeHead(418, { 'x-up': '1' }).end('short and stout');
  });
  const response = await post(url, { body: '{"ä":1}' });

  expect([response.status, response.headers.get('x-up'), await response.text(), seen]).toEqual([
    418,
    '1',
    'short and stout',
    '{"ä":1}',
  ]);
});

test('sends a form with its boundary', async () => {
  let type = '';
  const url = await serve((request, response) => {
    type = String(request.headers['content-type']);
    request.pipe(response);
  });
  const form = new FormData();
  form.append('file', new Blob(['bytes']), 'a.wav');
  const sent = await (await post(url, { body: form })).text();

  expect(type).toMatch(/^multipart\/form-data; boundary=/);
  expect(sent).toContain('filename="a.wav"');
});

test('gives each piece of a streamed answer as it comes', async () => {
  let next: (() => void) | undefined;
  const url = await serve((_request, response) => {
    response.write('one');
    next = () => response.end('two');
  });
  const reader = (await post(url)).body?.getReader();
  const decoder = new TextDecoder();

  expect(decoder.decode((await reader?.read())?.value)).toBe('one');
  next?.();
  expect(decoder.decode((await reader?.read())?.value)).toBe('two');
  expect((await reader?.read())?.done).toBe(true);
});

test('a body that ends early is an error, not an end', async () => {
  const url = await serve((_request, response) => {
    response.writeHead(200, { 'content-length': '100' });
    response.write('half');
    setTimeout(() => response.destroy(), 10);
  });
  const response = await post(url);

  await expect(response.text()).rejects.toThrow();
});

test('an abort ends the body and closes the connection', async () => {
  let closed: (() => void) | undefined;
  const gone = new Promise<void>((resolve) => {
    closed = resolve;
  });
  const url = await serve((_request, response) => {
    response.write('begin');
    response.on('close', () => closed?.());
  });
  const stop = new AbortController();
  const response = await post(url, { signal: stop.signal });
  const text = response.text();
  stop.abort();

  await expect(text).rejects.toMatchObject({ name: 'AbortError' });
  await gone;
});

test('an abort before the answer rejects', async () => {
  const url = await serve(() => undefined);
  await expect(post(url, { signal: AbortSignal.timeout(20) })).rejects.toThrow();
});

test('a reader that stops closes the connection', async () => {
  let closed: (() => void) | undefined;
  const gone = new Promise<void>((resolve) => {
    closed = resolve;
  });
  const url = await serve((_request, response) => {
    const timer = setInterval(() => response.write('x'.repeat(1000)), 1);
    response.on('close', () => {
      clearInterval(timer);
      closed?.();
    });
  });
  await (await post(url)).body?.cancel();
  await gone;
});

test('an answer that is compressed unasked is read all the same', async () => {
  const url = await serve((_request, response) =>
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('plain')),
  );
  expect(await (await post(url)).text()).toBe('plain');
});

test('an unknown content encoding is refused', async () => {
  const url = await serve((_request, response) =>
    response.writeHead(200, { 'content-encoding': 'rot13' }).end('cynva'),
  );
  await expect(post(url)).rejects.toThrow(TypeError);
});

test('a kept connection that the server closed meanwhile is replaced', async () => {
  const url = await serve((_request, response) => response.end('ok'));
  server.keepAliveTimeout = 0;
  await (await post(url)).text();
  // As after a freeze of the execution environment: the close has not been noticed yet.
  server.closeAllConnections();

  expect(await (await post(url)).text()).toBe('ok');
});

test('plain http and loopback are refused unless the target is on this machine', async () => {
  const url = await serve((_request, response) => response.end('ok'));

  await expect(fetch(url, { method: 'POST' })).rejects.toMatchObject({ code: 'EGRESS_REFUSED' });
  await expect(fetch(url.replace('http:', 'https:'), { reach: 'private' })).rejects.toMatchObject({
    code: 'EGRESS_REFUSED',
  });
});
