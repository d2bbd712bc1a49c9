import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerOf, type HttpAnswer } from './http-answer.ts';
import { FunctionFailure, PAYLOAD_LIMIT, type Runner } from './runner.ts';
import { eventOf } from './url-event.ts';

export interface FunctionUrlServer {
  /** `http://127.0.0.1:41002`, without a slash at the end. */
  readonly url: string;
  /** Takes no new connections and waits for the answers that are under way, at most so long. */
  drain(ms: number): Promise<void>;
  close(): Promise<void>;
}

export interface FunctionUrlServerOptions {
  readonly host: string;
  /** 0 = any free port. */
  readonly port: number;
  readonly account: string;
  /** Told what went wrong, in one line without content. */
  onFailure?(line: string): void;
}

/** A client that still sends after a refusal is read up to here, so that it sees the refusal. */
const DRAIN_LIMIT = 64 * 1024 * 1024;

/** Serves a function under a URL of its own; rejects with the listen error, such as EADDRINUSE. */
export async function serveFunctionUrl(
  runner: Runner,
  options: FunctionUrlServerOptions,
): Promise<FunctionUrlServer> {
  const server = createServer((request, response) => {
    const requestId = randomUUID();
    response.setHeader('x-amzn-requestid', requestId);
    // A client may leave at any moment; that is not an error of the host.
    response.on('error', () => {});
    serve(runner, request, response, { ...options, requestId }).catch((error: unknown) => {
      refuse(response, error, options.onFailure);
    });
  });
  server.keepAliveTimeout = 65_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  const shown = options.host === '0.0.0.0' || options.host === '::' ? '127.0.0.1' : options.host;

  return {
    url: `http://${shown.includes(':') ? `[${shown}]` : shown}:${port}`,
    drain(ms) {
      return new Promise((resolve) => {
        const timer = setTimeout(resolve, ms);
        server.close(() => {
          clearTimeout(timer);
          resolve();
        });
        server.closeIdleConnections();
      });
    },
    close() {
      return new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

async function serve(
  runner: Runner,
  request: IncomingMessage,
  response: ServerResponse,
  { requestId, account }: FunctionUrlServerOptions & { requestId: string },
): Promise<void> {
  const body = await readBody(request);
  if (!body) return tooLarge(response);
  const event = eventOf(request, body, { requestId, account, now: Date.now() });
  if ((event.body?.length ?? 0) > PAYLOAD_LIMIT && event.isBase64Encoded) return tooLarge(response);
  await pass(await answerOf(await runner.invoke(event, requestId)), response);
}

/** `undefined` when it is too large; the rest is read then, up to a limit. */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= PAYLOAD_LIMIT) chunks.push(chunk);
    if (size > DRAIN_LIMIT) request.destroy();
  }
  return size <= PAYLOAD_LIMIT ? Buffer.concat(chunks) : undefined;
}

/** Every piece goes out when it comes. When the client has left, the function is still read to its end (Lambda tells it nothing). */
async function pass(answer: HttpAnswer, response: ServerResponse): Promise<void> {
  if (answer.cookies.length > 0) response.setHeader('set-cookie', answer.cookies);
  response.writeHead(answer.statusCode, answer.headers);
  response.flushHeaders();
  for await (const chunk of answer.body) {
    if (!response.destroyed && !response.write(chunk)) await drained(response);
  }
  response.end();
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      response.off('drain', done).off('close', done);
      resolve();
    };
    response.on('drain', done).on('close', done);
    if (response.destroyed) done();
  });
}

/** After the head was sent only a cut connection can say that the answer is not whole. */
function refuse(response: ServerResponse, error: unknown, onFailure?: (line: string) => void): void {
  const type = error instanceof FunctionFailure ? error.errorType : 'Host';
  const message = error instanceof Error ? error.message : String(error);
  if (!response.destroyed) onFailure?.(`${type}: ${message}`);
  if (response.headersSent) response.destroy();
  else if (type === 'TooManyRequestsException') serviceError(response, 429, 'Rate Exceeded.');
  else serviceError(response, 502, 'Internal Server Error');
}

function tooLarge(response: ServerResponse): void {
  const message = `Request must be smaller than ${PAYLOAD_LIMIT} bytes for the InvokeFunction operation`;
  serviceError(response, 413, message);
}

/** `Message` is what Lambda answers; `error` says the same to OpenAI clients, which read nothing else. */
function serviceError(response: ServerResponse, status: number, message: string): void {
  const type = status < 500 ? 'invalid_request_error' : 'server_error';
  const code = status === 413 ? 'request_too_large' : null;
  response.writeHead(status, { 'content-type': 'application/json', 'x-request-id': requestIdOf(response) });
  response.end(JSON.stringify({ Message: message, error: { message, type, param: null, code } }));
}

function requestIdOf(response: ServerResponse): string {
  return String(response.getHeader('x-amzn-requestid'));
}
