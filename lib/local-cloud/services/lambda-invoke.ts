import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { InvokeResult, LambdaInvoker } from '../contract.ts';
import { AwsError } from './aws-error.ts';

const PATH = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/;
/** An asynchronous invocation that fails is tried again twice; Lambda waits minutes, a laptop seconds. */
const RETRY_MS = [1_000, 2_000];

/** Answers the Invoke API through the Lambda host; false when the path is another. */
export async function answerInvoke(
  invoker: LambdaInvoker | undefined,
  request: IncomingMessage,
  response: ServerResponse,
  body: Buffer,
): Promise<boolean> {
  const name = PATH.exec(new URL(request.url ?? '/', 'http://127.0.0.1').pathname)?.[1];
  if (name === undefined || request.method !== 'POST') return false;
  if (!invoker) throw new AwsError('ServiceException', 'no function host is running', { status: 500 });
  const payload = parsePayload(body);
  const kind = request.headers['x-amz-invocation-type'] ?? 'RequestResponse';
  if (kind === 'DryRun') answer(response, 204);
  else if (kind === 'Event') {
    void invokeLater(invoker, decodeURIComponent(name), payload);
    answer(response, 202);
  } else answerResult(response, await invoker.invoke(decodeURIComponent(name), payload));
  return true;
}

function parsePayload(body: Buffer): unknown {
  try {
    return body.length === 0 ? {} : JSON.parse(body.toString('utf8'));
  } catch {
    throw new AwsError('InvalidRequestContentException', 'Could not parse request body into json.');
  }
}

async function invokeLater(invoker: LambdaInvoker, name: string, payload: unknown): Promise<void> {
  for (const pause of [0, ...RETRY_MS]) {
    await wait(pause, undefined, { ref: false });
    const result = await invoker.invoke(name, payload).catch(() => undefined);
    if (result?.ok) return;
  }
}

function answerResult(response: ServerResponse, result: InvokeResult): void {
  if (result.ok) {
    answer(response, 200, result.payload ?? null);
    return;
  }
  const { errorType, errorMessage } = result;
  if (errorType === 'ResourceNotFoundException') throw new AwsError(errorType, errorMessage, { status: 404 });
  response.setHeader('x-amz-function-error', 'Unhandled');
  answer(response, 200, { errorType, errorMessage });
}

function answer(response: ServerResponse, status: number, payload?: unknown): void {
  if (response.destroyed) return;
  response.writeHead(status, { 'content-type': 'application/json', 'x-amz-executed-version': '$LATEST' });
  response.end(payload === undefined ? undefined : JSON.stringify(payload));
}
