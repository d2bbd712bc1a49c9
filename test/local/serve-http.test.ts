import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { App } from '#core/app.ts';
import { type HttpDoor, type ServeOptions, serveHttp } from '#local/serve-http.ts';

let door: HttpDoor | undefined;

afterEach(async () => {
  await door?.close(0);
  door = undefined;
});

async function open(app: App, options: Partial<ServeOptions> = {}): Promise<HttpDoor> {
  door = await serveHttp(app, { host: '127.0.0.1', port: 0, ...options });
  return door;
}

/** Sends bytes as they are and returns everything that came back until the connection closed. */
async function raw(url: string, bytes: string | Buffer): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.write(bytes);
  return text(socket);
}

const echo: App = async (request) =>
  Response.json({
    method: request.method,
    url: request.url,
    authorization: request.headers.get('authorization'),
    body: request.body ? await request.text() : null,
  });

async function reply(app: App, path: string, init?: RequestInit) {
  const { url } = await open(app);
  return fetch(url + path, init);
}

describe('a request', () => {
  test('reaches the app with method, path, query, headers, body', async () => {
    const response = await reply(echo, '/v1/x?y=1', {
      method: 'POST',
      body: 'hé',
      headers: { authorization: 'Bearer k' },
    });

    expect(await response.json()).toEqual({
      method: 'POST',
      url: `${door!.url}/v1/x?y=1`,
      authorization: 'Bearer k',
      body: 'hé',
    });
  });

  test('shows a second Authorization header joined by a comma', async () => {
    const { url } = await open(echo);
    const answer = await raw(
      url,
      'GET / HTTP/1.1\r\nhost: h\r\nconnection: close\r\nauthorization: Bearer a\r\nauthorization: Bearer b\r\n\r\n',
    );

    expect(answer).toContain('"authorization":"Bearer a, Bearer b"');
  });

  test('keeps its path when the path begins with two slashes', async () => {
    const { url } = await open(echo);
    const answer = await raw(url, 'GET //evil.example/v1 HTTP/1.1\r\nhost: h\r\nconnection: close\r\n\r\n');

    expect(answer).toContain(`"url":"${url}//evil.example/v1"`);
  });

  test.each([
    [
      'an absolute target',
      'GET http://evil.example/v1 HTTP/1.1\r\nhost: h\r\nconnection: close\r\n\r\n',
      400,
    ],
    ['TRACE', 'TRACE / HTTP/1.1\r\nhost: h\r\nconnection: close\r\n\r\n', 405],
    ['no Host header', 'GET / HTTP/1.1\r\nconnection: close\r\n\r\n', 400],
    ['two lengths', 'POST / HTTP/1.1\r\nhost: h\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab', 400],
    [
      'a length beside chunks',
      'POST / HTTP/1.1\r\nhost: h\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
    ],
    ['headers over 32 KB', `GET / HTTP/1.1\r\nhost: h\r\nx: ${'a'.repeat(40_000)}\r\n\r\n`, 431],
    ['something that is not HTTP', 'hello\r\n\r\n', 400],
  ])('with %s never reaches the app', async (_, bytes, status) => {
    let calls = 0;
    const { url } = await open(async () => {
      calls += 1;
      return new Response();
    });

    expect(await raw(url, bytes)).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(calls).toBe(0);
  });

  test('that is sent too slowly is cut off', async () => {
    const { url } = await open(echo, { headersMs: 200 });

    expect(await raw(url, 'GET / HTTP/1.1\r\nhost: h\r\n')).toMatch(/^HTTP\/1.1 408 /);
  });
});

describe('a body', () => {
  test('over the hard limit is refused by its declared length', async () => {
    const response = await reply(echo, '/', { method: 'POST', body: Buffer.alloc(9 * 1024 * 1024) });

    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({
      error: { code: 'request_too_large', type: 'invalid_request_error' },
    });
  });

  test('over the hard limit fails the reading app when no length was declared', async () => {
    const read: App = (request) => request.text().then(() => new Response('read'));
    const chunk = new Uint8Array(1024 * 1024);
    let left = 9;
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => (left-- > 0 ? controller.enqueue(chunk) : controller.close()),
    });
    const response = await reply(read, '/', { method: 'POST', body, duplex: 'half' } as RequestInit);

    expect(response.status).toBe(413);
  });

  test('that the app does not read still lets the answer arrive', async () => {
    const response = await reply(async () => new Response('no', { status: 401 }), '/', {
      method: 'POST',
      body: Buffer.alloc(7 * 1024 * 1024),
    });

    expect([response.status, await response.text()]).toEqual([401, 'no']);
  });

  test('that the app stops reading half-way still lets the answer arrive', async () => {
    const peek: App = async (request) => {
      for await (const part of request.body!) return new Response(String(part.length > 0));
      return new Response('none');
    };
    const response = await reply(peek, '/', { method: 'POST', body: Buffer.alloc(7 * 1024 * 1024) });

    expect(await response.text()).toBe('true');
  });
});

describe('an answer', () => {
  test('arrives chunk by chunk while the app is still writing', async () => {
    const gate = Promise.withResolvers<void>();
    const { url } = await open(async () => {
      const encoder = new TextEncoder();
      async function* parts() {
        yield encoder.encode('first');
        await gate.promise;
        yield encoder.encode('second');
      }
      return new Response(ReadableStream.from(parts()));
    });
    const reader = (await fetch(url)).body!.getReader();

    expect(Buffer.from((await reader.read()).value!).toString()).toBe('first');
    gate.resolve();
    expect(Buffer.from((await reader.read()).value!).toString()).toBe('second');
    expect((await reader.read()).done).toBe(true);
  });

  test('sends its head before its first byte', async () => {
    const gate = Promise.withResolvers<void>();
    const { url } = await open(async () => {
      async function* parts() {
        await gate.promise;
        yield new TextEncoder().encode('late');
      }
      return new Response(ReadableStream.from(parts()), { status: 202 });
    });
    const response = await fetch(url);

    expect(response.status).toBe(202);
    gate.resolve();
    expect(await response.text()).toBe('late');
  });

  test('keeps each Set-Cookie header', async () => {
    const headers = new Headers([
      ['set-cookie', 'a=1'],
      ['set-cookie', 'b=2'],
    ]);
    const response = await reply(async () => new Response('', { headers }), '/');

    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
  });

  test('of an app that throws is a 500 without details', async () => {
    const response = await reply(async () => {
      throw new Error('the secret is 42');
    }, '/');

    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('42');
  });

  test('whose body fails cuts the connection', async () => {
    const { url } = await open(async () => {
      async function* parts() {
        yield new TextEncoder().encode('half');
        throw new Error('broken');
      }
      return new Response(ReadableStream.from(parts()));
    });
    const response = await fetch(url);

    await expect(response.text()).rejects.toThrow();
  });
});

describe('a client that leaves', () => {
  test('aborts the signal, and the answer is still read to its end', async () => {
    const aborted = Promise.withResolvers<void>();
    const recorded = Promise.withResolvers<string>();
    const { url } = await open(async (request) => {
      request.signal.addEventListener('abort', () => aborted.resolve());
      async function* parts() {
        yield new TextEncoder().encode('first');
        await aborted.promise;
        yield new TextEncoder().encode('x'.repeat(1_000_000));
        recorded.resolve('recorded');
      }
      return new Response(ReadableStream.from(parts()));
    });
    const call = httpRequest(url).end();
    const [incoming] = (await once(call, 'response')) as [IncomingMessage];
    await once(incoming, 'data');
    call.destroy();

    expect(await recorded.promise).toBe('recorded');
  });

  test('does not abort the signal of a call that was answered', async () => {
    let signal: AbortSignal | undefined;
    const response = await reply(async (request) => {
      signal = request.signal;
      return new Response('whole');
    }, '/');
    await response.text();
    await door!.close(0);

    expect(signal!.aborted).toBe(false);
  });
});

describe('the door', () => {
  test('lets a call over the concurrency limit wait for its turn', async () => {
    const gate = Promise.withResolvers<void>();
    const { url, load } = await open(() => gate.promise.then(() => new Response('done')), {
      maxConcurrent: 1,
    });
    const calls = [fetch(url), fetch(url)];
    while (load().waiting === 0) await sleep(5);
    expect(load()).toEqual({ running: 1, waiting: 1 });
    gate.resolve();

    for (const call of calls) expect(await (await call).text()).toBe('done');
  });

  test('answers 503 to a call when the line is full', async () => {
    const gate = Promise.withResolvers<void>();
    const { url, load } = await open(() => gate.promise.then(() => new Response('done')), {
      maxConcurrent: 1,
      maxWaiting: 1,
    });
    const calls = [fetch(url), fetch(url)];
    while (load().waiting === 0) await sleep(5);
    const third = await fetch(url);
    gate.resolve();

    expect([third.status, third.headers.get('retry-after'), third.headers.get('x-should-retry')]).toEqual([
      503,
      '10',
      'true',
    ]);
    expect(await third.json()).toMatchObject({ error: { code: 'overloaded', type: 'server_error' } });
    for (const call of calls) expect(await (await call).text()).toBe('done');
  });

  test('keeps a place until the answer has gone out', async () => {
    const gate = Promise.withResolvers<void>();
    async function* parts() {
      yield new TextEncoder().encode('first');
      await gate.promise;
    }
    const { url, load } = await open(async () => new Response(ReadableStream.from(parts())));
    const response = await fetch(url);
    expect(load().running).toBe(1);
    gate.resolve();
    await response.text();
    await sleep(20);

    expect(load().running).toBe(0);
  });

  test('answers what is not limited while every place is taken', async () => {
    const gate = Promise.withResolvers<void>();
    const app: App = async (request) => {
      if (!request.url.endsWith('/health')) await gate.promise;
      return new Response('done');
    };
    const { url } = await open(app, {
      maxConcurrent: 1,
      maxWaiting: 1,
      unlimited: (path) => path === '/health',
    });
    const call = fetch(url);
    await sleep(20);
    expect((await fetch(`${url}/health`)).status).toBe(200);
    gate.resolve();
    await (await call).text();
  });

  test('lets a running call end when it is closed', async () => {
    const gate = Promise.withResolvers<void>();
    const { url } = await open(() => gate.promise.then(() => new Response('done')));
    const call = fetch(url);
    await sleep(50);
    const closed = door!.close(5000);
    await expect(fetch(url)).rejects.toThrow();
    gate.resolve();

    expect(await (await call).text()).toBe('done');
    await closed;
  });

  test('cuts off a call that does not end in time', async () => {
    const { url } = await open(
      (request) =>
        new Promise((done) => request.signal.addEventListener('abort', () => done(new Response()))),
    );
    const call = fetch(url).catch(() => 'cut');
    await sleep(50);
    const begun = Date.now();
    await door!.close(100);

    expect(await call).toBe('cut');
    expect(Date.now() - begun).toBeLessThan(2000);
  });

  test('says when the port is in use', async () => {
    const { url } = await open(echo);

    await expect(
      serveHttp(echo, { host: '127.0.0.1', port: Number(new URL(url).port) }),
    ).rejects.toMatchObject({
      code: 'EADDRINUSE',
    });
  });

  test('tells the app how long it may take and who calls', async () => {
    const response = await reply(async (_, context) => Response.json({ ...context, now: Date.now() }), '/');
    const { deadline, now, sourceIp } = (await response.json()) as Record<string, number>;

    expect(deadline! - now!).toBeGreaterThan(580_000);
    expect(deadline! - now!).toBeLessThanOrEqual(590_000);
    expect(sourceIp).toBe('127.0.0.1');
  });
});
