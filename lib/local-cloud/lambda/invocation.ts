import { PassThrough, type Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { createResponseStream, isStreaming } from './response-stream.ts';

/** The `context` argument of a handler. */
export interface InvocationContext {
  readonly awsRequestId: string;
  readonly functionName: string;
  readonly functionVersion: string;
  readonly invokedFunctionArn: string;
  readonly memoryLimitInMB: string;
  readonly logGroupName: string;
  readonly logStreamName: string;
  callbackWaitsForEmptyEventLoop: boolean;
  getRemainingTimeInMillis(): number;
}

export type LambdaHandler = (...args: unknown[]) => unknown;

export interface ErrorRecord {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
}

/** How a handler's answer is delivered, whichever way the host listens. Every method is called at most once. */
export interface Delivery {
  /** JSON text of a buffered answer. */
  result(json: string): Promise<void>;
  /** Begins a streamed answer; resolves when all of it is delivered, rejects when it was cut. */
  stream(contentType: string, body: Readable): Promise<void>;
  error(error: ErrorRecord): Promise<void>;
}

/** Runs a handler once. Resolves when its answer, or its error, is delivered; rejects only when the delivery broke. */
export function runHandler(
  handler: LambdaHandler,
  event: unknown,
  context: InvocationContext,
  delivery: Delivery,
): Promise<void> {
  const run = isStreaming(handler) ? runStreaming : runBuffered;
  return run(handler, event, context, delivery);
}

async function runBuffered(
  handler: LambdaHandler,
  event: unknown,
  context: InvocationContext,
  delivery: Delivery,
): Promise<void> {
  let json: string;
  try {
    json = JSON.stringify((await handler(event, context)) ?? null);
  } catch (error) {
    return delivery.error(errorRecord(error));
  }
  await delivery.result(json);
}

/** Errors after the start travel behind the bytes already sent. A handler that never ends its stream never resolves. */
async function runStreaming(
  handler: LambdaHandler,
  event: unknown,
  context: InvocationContext,
  delivery: Delivery,
): Promise<void> {
  const body = new PassThrough();
  let delivered: Promise<void> | undefined;
  const stream = createResponseStream(body, (contentType) => {
    delivered = delivery.stream(contentType, body);
    // Looked at below; a delivery that breaks while the handler still runs must not be an unhandled rejection.
    delivered.catch(() => {});
  });
  const ended = finished(body, { readable: false });
  ended.catch(() => {});

  try {
    await handler(event, stream, context);
  } catch (error) {
    return failStream(body, errorRecord(error), delivered, delivery);
  }
  await ended;
  await delivered;
}

async function failStream(
  body: PassThrough,
  error: ErrorRecord,
  delivered: Promise<void> | undefined,
  delivery: Delivery,
): Promise<void> {
  // The source of a failed `pipeline` destroyed the stream: the connection is gone, as on Lambda.
  if (body.destroyed && !body.writableFinished) throw new Error('the response stream was destroyed');
  if (!body.writableEnded) {
    await delivery.error(error);
    body.end();
  }
  await delivered;
}

export function errorRecord(error: unknown): ErrorRecord {
  if (!(error instanceof Error)) return { errorType: typeof error, errorMessage: String(error) };
  const trace = error.stack?.split('\n') ?? [];
  return { errorType: error.name, errorMessage: error.message, trace };
}
