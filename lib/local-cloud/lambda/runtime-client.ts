/**
 * What runs inside an execution environment: loads the handler, asks the Runtime API for work, one invocation at a
 * time. The protocol is the public one (docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html), so the official
 * runtime client could take this file's place.
 */
import { Agent, type ClientRequest, type IncomingMessage, request } from 'node:http';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import {
  type Delivery,
  type ErrorRecord,
  errorRecord,
  type InvocationContext,
  type LambdaHandler,
  runHandler,
} from './invocation.ts';
import { loadHandler } from './load-handler.ts';
import { createAwsLambda } from './response-stream.ts';

const ERROR_TYPE = 'Lambda-Runtime-Function-Error-Type';
const ERROR_BODY = 'Lambda-Runtime-Function-Error-Body';
const env = process.env;
const agent = new Agent({ keepAlive: true });

function call(method: string, path: string, headers: Record<string, string> = {}): ClientRequest {
  const url = `http://${env['AWS_LAMBDA_RUNTIME_API']}/2018-06-01/runtime/${path}`;
  return request(url, { method, agent, headers });
}

function answered(sent: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => sent.on('response', resolve).on('error', reject));
}

async function post(path: string, body: string, headers?: Record<string, string>): Promise<void> {
  const sent = call('POST', path, { 'Content-Type': 'application/json', ...headers });
  const reply = answered(sent);
  sent.end(body);
  await text(await reply);
}

/** The three ways to answer one invocation over HTTP. */
function deliveryOf(id: string): Delivery {
  let streamed: ClientRequest | undefined;
  return {
    result: (json) => post(`invocation/${id}/response`, json),
    async stream(contentType, body) {
      streamed = call('POST', `invocation/${id}/response`, {
        'Content-Type': contentType,
        'Lambda-Runtime-Function-Response-Mode': 'streaming',
        'Transfer-Encoding': 'chunked',
        Trailer: `${ERROR_TYPE}, ${ERROR_BODY}`,
      });
      const reply = answered(streamed);
      pour(body, streamed);
      await text(await reply);
    },
    async error(error) {
      if (!streamed)
        return post(`invocation/${id}/error`, JSON.stringify(error), { [ERROR_TYPE]: error.errorType });
      streamed.addTrailers(trailersOf(error));
    },
  };
}

function pour(body: Readable, sent: ClientRequest): void {
  sent.flushHeaders();
  body.pipe(sent);
  body.on('close', () => {
    if (!body.readableEnded) sent.destroy();
  });
}

function trailersOf(error: ErrorRecord): Record<string, string> {
  return {
    [ERROR_TYPE]: error.errorType,
    [ERROR_BODY]: Buffer.from(JSON.stringify(error)).toString('base64'),
  };
}

function contextOf(headers: IncomingMessage['headers']): InvocationContext {
  const deadline = Number(headers['lambda-runtime-deadline-ms']);
  return {
    awsRequestId: String(headers['lambda-runtime-aws-request-id']),
    functionName: env['AWS_LAMBDA_FUNCTION_NAME'] ?? '',
    functionVersion: env['AWS_LAMBDA_FUNCTION_VERSION'] ?? '',
    invokedFunctionArn: String(headers['lambda-runtime-invoked-function-arn']),
    memoryLimitInMB: env['AWS_LAMBDA_FUNCTION_MEMORY_SIZE'] ?? '',
    logGroupName: env['AWS_LAMBDA_LOG_GROUP_NAME'] ?? '',
    logStreamName: env['AWS_LAMBDA_LOG_STREAM_NAME'] ?? '',
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => deadline - Date.now(),
  };
}

async function start(): Promise<LambdaHandler> {
  try {
    Object.assign(globalThis, { awslambda: createAwsLambda() });
    return await loadHandler(env['LAMBDA_TASK_ROOT'] ?? '', env['_HANDLER'] ?? '');
  } catch (error) {
    const record = errorRecord(error);
    await post('init/error', JSON.stringify(record), { [ERROR_TYPE]: record.errorType });
    process.exit(1);
  }
}

async function serve(handler: LambdaHandler): Promise<never> {
  for (;;) {
    const asked = call('GET', 'invocation/next');
    const reply = answered(asked);
    asked.end();
    const next = await reply;
    const event: unknown = JSON.parse(await text(next));
    const context = contextOf(next.headers);
    await runHandler(handler, event, context, deliveryOf(context.awsRequestId));
  }
}

// The parent holds the other end of stdin: when the parent dies, by whatever signal, so does this process.
process.stdin.on('end', () => process.exit(0)).on('error', () => process.exit(0));
process.stdin.resume();
// Ctrl-C reaches every process of a terminal; the host lets answers end first and then stops this one.
process.on('SIGINT', () => {});

// A broken connection to the Runtime API, or a destroyed response stream, ends the environment, as on Lambda.
await serve(await start()).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(1);
});
