import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type SpanExporter, startSpanExporter } from '#local/span-exporter.ts';
import { sampleEvent } from '../contracts/sample-records.ts';

interface Export {
  headers: Record<string, string | string[] | undefined>;
  body: {
    resourceSpans: {
      resource: { attributes: unknown[] };
      scopeSpans: { spans: { traceId: string; spanId: string; startTimeUnixNano: string; kind: number }[] }[];
    }[];
  };
}

let server: Server;
let exports: Export[];
let answer: (outgoing: ServerResponse) => void;
let exporter: SpanExporter;
let lines: string[];

beforeEach(async () => {
  exports = [];
  lines = [];
  answer = (outgoing) => void outgoing.end('{}');
  server = createServer(async (incoming, outgoing) => {
    exports.push({ headers: incoming.headers, body: (await json(incoming)) as Export['body'] });
    answer(outgoing);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  exporter = startSpanExporter({
    url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/traces`),
    headers: { 'x-team': 'ai' },
    resource: { attributes: { 'service.name': 'gw' }, version: '1' },
    log: { info: () => undefined, error: (message) => void lines.push(message) },
    pauseMs: 5,
  });
});
afterEach(async () => {
  await exporter.close(100);
  server.closeAllConnections();
  server.close();
});

const traced = () => sampleEvent({ trace_id: 'a'.repeat(32) });
const sink = () => exporter.watch({ send: async () => ({ tier: 'journal' }) });
const spans = () =>
  exports.flatMap(({ body }) =>
    body.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans)),
  );

describe('the span exporter', () => {
  test('sends the spans of every event as OTLP over HTTP in JSON', async () => {
    const watched = sink();
    for (let i = 0; i < 700; i += 1) await watched.send(traced());
    await exporter.close(5000);

    expect(spans()).toHaveLength(700);
    expect(new Set(spans().map(({ spanId }) => spanId)).size).toBe(700);
    expect(spans()[0]).toMatchObject({
      traceId: 'a'.repeat(32),
      kind: 2,
      startTimeUnixNano: expect.stringMatching(/^\d{13}000000$/),
    });
    expect(exports[0]?.headers).toMatchObject({ 'content-type': 'application/json', 'x-team': 'ai' });
    expect(exports[0]?.body.resourceSpans[0]?.resource.attributes).toEqual([
      { key: 'service.name', value: { stringValue: 'gw' } },
    ]);
  });

  test('tries again when the collector is busy', async () => {
    let busy = 1;
    answer = (outgoing) => void outgoing.writeHead(busy-- > 0 ? 503 : 200).end();
    await sink().send(traced());
    while (exports.length < 2) await new Promise((resolve) => setTimeout(resolve, 10));

    expect(exporter.dropped()).toBe(0);
  });

  test('drops what a collector refuses, and says so once', async () => {
    answer = (outgoing) => void outgoing.writeHead(400).end();
    const watched = sink();
    for (let i = 0; i < 3; i += 1) {
      await watched.send(traced());
      while (exporter.dropped() <= i) await new Promise((resolve) => setTimeout(resolve, 5));
    }

    expect(lines).toHaveLength(1);
  });

  test('never makes a call wait, and never keeps more than it may', async () => {
    answer = () => undefined;
    const watched = sink();
    const begun = Date.now();
    for (let i = 0; i < 10_000; i += 1) await watched.send(traced());

    expect(Date.now() - begun).toBeLessThan(10_000);
    expect(exporter.dropped()).toBeGreaterThan(5000);
  });

  test('gives the result of the sink it watches', async () => {
    expect(await sink().send(traced())).toEqual({ tier: 'journal' });
  });
});
