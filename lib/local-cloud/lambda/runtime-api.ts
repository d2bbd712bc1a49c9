import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { exited, FunctionFailure, type FunctionResponse, PAYLOAD_LIMIT } from './runner.ts';

/** One invocation as the Runtime API sees it. */
export interface Job {
  readonly id: string;
  readonly payload: string;
  readonly arn: string;
  /** Epoch milliseconds; set when the job is given to an environment. */
  deadline: number;
  /** Why the environment was stopped while it worked on this job. */
  broken?: FunctionFailure;
  accept(response: FunctionResponse): void;
  fail(failure: FunctionFailure): void;
}

export interface RuntimeApi {
  /** `host:port`, for `AWS_LAMBDA_RUNTIME_API`. */
  readonly address: string;
  /** Hands a job to the environment, which must be waiting for one. */
  give(job: Job): void;
  close(): void;
}

export interface RuntimeApiEvents {
  /** The environment waits for work. */
  onIdle(): void;
  onInitError(failure: FunctionFailure): void;
}

type Route = (request: IncomingMessage, response: ServerResponse) => unknown;

const PATHS = /^\/2018-06-01\/runtime\/(?:(init\/error)|invocation\/(?:[^/]+\/)?(next|response|error))$/;

/** The Runtime API of one execution environment, on a loopback port of its own. */
export async function openRuntimeApi(events: RuntimeApiEvents): Promise<RuntimeApi> {
  let parked: ServerResponse | undefined;
  let current: Job | undefined;
  const routes: Record<string, Route> = {
    next(_request, response) {
      parked = response;
      events.onIdle();
    },
    response: (request, response) => current && receive(current, request, response),
    error: async (request, response) => current?.fail(await acceptFailure(request, response)),
    'init/error': async (request, response) => events.onInitError(await acceptFailure(request, response)),
  };

  const server = createServer((request, response) => {
    const [, init, invocation] = PATHS.exec(request.url ?? '') ?? [];
    const route = routes[init ?? invocation ?? ''];
    if (!route) return void response.writeHead(404).end();
    Promise.resolve(route(request, response)).catch(() => request.destroy());
  });

  return {
    address: await listen(server),
    give(job) {
      current = job;
      parked?.writeHead(200, headersOf(job)).end(job.payload);
      parked = undefined;
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

function headersOf(job: Job): Record<string, string> {
  return {
    'Content-Type': 'application/json',
    'Lambda-Runtime-Aws-Request-Id': job.id,
    'Lambda-Runtime-Deadline-Ms': String(job.deadline),
    'Lambda-Runtime-Invoked-Function-Arn': job.arn,
  };
}

/** No time limits: a parked `next` and a streamed answer may last as long as the function's own timeout. */
async function listen(server: Server): Promise<string> {
  Object.assign(server, { requestTimeout: 0, headersTimeout: 0, keepAliveTimeout: 0, timeout: 0 });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function receive(job: Job, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.headers['lambda-runtime-function-response-mode'] !== 'streaming')
    return receiveBuffered(job, request, response);

  const contentType = request.headers['content-type'] ?? 'application/octet-stream';
  const body = streamedBody(job, request, response);
  job.accept({ requestId: job.id, streaming: true, contentType, body });
}

async function receiveBuffered(job: Job, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= PAYLOAD_LIMIT) chunks.push(chunk);
  }
  response.writeHead(size > PAYLOAD_LIMIT ? 413 : 202).end();
  if (size > PAYLOAD_LIMIT) job.fail(tooLarge());
  else job.accept(bufferedResponse(job.id, Buffer.concat(chunks)));
}

/** The answer of a function that does not stream: JSON, all at once. */
export function bufferedResponse(requestId: string, json: Uint8Array): FunctionResponse {
  async function* body() {
    yield json;
  }
  return { requestId, streaming: false, contentType: 'application/json', body: body() };
}

export function tooLarge(): FunctionFailure {
  const message = `Response payload size exceeded maximum allowed payload size (${PAYLOAD_LIMIT} bytes).`;
  return new FunctionFailure('Function.ResponseSizeTooLarge', message);
}

/** Bytes pass through as they come; what went wrong, by trailer or by a lost environment, comes behind them. */
async function* streamedBody(
  job: Job,
  request: IncomingMessage,
  response: ServerResponse,
): AsyncGenerator<Uint8Array> {
  try {
    yield* request as AsyncIterable<Buffer>;
  } catch {
    throw job.broken ?? exited('it closed its connection while it answered');
  }
  response.writeHead(202).end();
  const encoded = request.trailers['lambda-runtime-function-error-body'];
  if (encoded) throw failureOf(Buffer.from(encoded, 'base64').toString('utf8'));
}

async function acceptFailure(request: IncomingMessage, response: ServerResponse): Promise<FunctionFailure> {
  const failure = failureOf(await text(request));
  response.writeHead(202).end();
  return failure;
}

function failureOf(json: string): FunctionFailure {
  try {
    const { errorType, errorMessage } = JSON.parse(json) as Record<string, unknown>;
    return new FunctionFailure(String(errorType ?? 'Unknown'), String(errorMessage ?? ''));
  } catch {
    return new FunctionFailure('Unknown', '');
  }
}
