import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AwsError } from './aws-error.ts';
import type { Service } from './operation.ts';
import { refusalOf } from './refusal.ts';

/** Bytes of one request; no AWS operation we stand in for takes more. */
const MAX_BODY = 17 * 1024 * 1024;

/** What answers a request that is not told by `X-Amz-Target`; false = not mine. */
export type PathHandler = (
  request: IncomingMessage,
  response: ServerResponse,
  body: Buffer,
) => Promise<boolean>;

export interface ServiceServer {
  readonly endpoint: string;
  close(): Promise<void>;
}

/** Serves the services on one loopback port, told apart by `X-Amz-Target`. */
export async function serveServices(
  services: readonly Service[],
  paths: PathHandler,
  port: number,
): Promise<ServiceServer> {
  const byTarget = new Map(services.map((service) => [service.target, service]));
  const server = createServer((request, response) => {
    void respond(byTarget, paths, request, response);
  });
  server.keepAliveTimeout = 65_000;
  await listen(server, port);
  const address = server.address() as AddressInfo;
  return { endpoint: `http://127.0.0.1:${address.port}`, close: () => closeServer(server) };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

async function respond(
  services: ReadonlyMap<string, Service>,
  paths: PathHandler,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const left = new AbortController();
  response.once('close', () => left.abort());
  try {
    const body = await readBody(request);
    const target = request.headers['x-amz-target'];
    if (target === undefined && (await paths(request, response, body))) return;
    const answer = await dispatch(services, String(target ?? ''), body, left.signal, request);
    send(request, response, 200, answer);
  } catch (error) {
    sendError(request, response, error);
  }
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY) {
      throw new AwsError('RequestEntityTooLargeException', `requests end at ${MAX_BODY} bytes`, {
        status: 413,
      });
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

async function dispatch(
  services: ReadonlyMap<string, Service>,
  target: string,
  body: Buffer,
  signal: AbortSignal,
  request: IncomingMessage,
): Promise<unknown> {
  const dot = target.lastIndexOf('.');
  const service = services.get(target.slice(0, Math.max(dot, 0)));
  if (!service) {
    const known = [...services.keys()].join(', ');
    const asked = target === '' ? `${request.method} ${request.url}` : `X-Amz-Target ${target}`;
    throw new AwsError(
      'UnknownOperationException',
      `the embedded cloud has no service for ${asked}; it has ${known}`,
    );
  }
  const name = target.slice(dot + 1);
  const run = Object.hasOwn(service.operations, name) ? service.operations[name] : undefined;
  if (!run) {
    const known = Object.keys(service.operations).join(', ');
    throw new AwsError(
      'UnknownOperationException',
      `the embedded ${service.target} has no ${name}; it has ${known}`,
    );
  }
  return run(parse(body), signal);
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.length === 0 ? '{}' : body.toString('utf8'));
  } catch {
    throw new AwsError('SerializationException', 'the body of the request is not JSON');
  }
}

function sendError(request: IncomingMessage, response: ServerResponse, error: unknown): void {
  const refusal = refusalOf(error);
  for (const [name, value] of Object.entries(refusal.headers)) response.setHeader(name, value);
  send(request, response, refusal.status, refusal.body);
}

function send(request: IncomingMessage, response: ServerResponse, status: number, answer: unknown): void {
  if (response.headersSent || response.destroyed) return;
  const text = Buffer.from(JSON.stringify(answer ?? {}));
  response.writeHead(status, {
    'content-type': request.headers['content-type'] ?? 'application/x-amz-json-1.0',
    'content-length': text.length,
    'x-amzn-requestid': randomUUID(),
  });
  response.end(text);
}
