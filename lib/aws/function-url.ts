import type { Context, LambdaFunctionURLEvent, StreamifyHandler } from 'aws-lambda';
import type { App } from '#core/app.ts';
import { FAILURES } from '#core/errors.ts';
import type { Clock, Log } from '#core/ports.ts';
import { requestFromEvent, UnservableEvent } from './function-url-request.ts';
import { sendResponse } from './function-url-response.ts';

export interface FunctionUrlOptions {
  readonly clock?: Clock;
  /** Told about failures of the app itself: with ids, never with content. */
  readonly log?: Log;
}

/** Time kept for the last frames and the event, before Lambda kills the function. */
const MARGIN_MS = 10_000;

/**
 * The door for Lambda function URLs with response streaming: `export const handler = serveFunctionUrl(app)`. Must be
 * called while the entry module loads, since the `awslambda` global marks the handler. The handler never throws; when the
 * app fails before its first byte the caller gets a 500 in the OpenAI error shape with the request id.
 */
export function serveFunctionUrl(
  app: App,
  options: FunctionUrlOptions = {},
): StreamifyHandler<LambdaFunctionURLEvent, void> {
  return awslambda.streamifyResponse(async (event, stream, context) => {
    const response = await answer(app, event, context, options);
    const failure = await sendResponse(response, stream);
    if (failure !== undefined) report(options.log, context, 'the response body failed', failure);
  });
}

async function answer(
  app: App,
  event: LambdaFunctionURLEvent,
  context: Context,
  { clock = { now: Date.now }, log }: FunctionUrlOptions,
): Promise<Response> {
  try {
    const sourceIp = event.requestContext?.http?.sourceIp;
    const deadline = deadlineAfter(clock.now(), context.getRemainingTimeInMillis());
    return await app(requestFromEvent(event), { deadline, ...(sourceIp && { sourceIp }) });
  } catch (error) {
    if (error instanceof UnservableEvent) return failure(error.code, error.message, context);
    report(log, context, 'the app failed before its first byte', error);
    const message = `The gateway failed. Try again; if it stays, quote request ${context.awsRequestId}.`;
    return failure('internal_error', message, context);
  }
}

/** Epoch milliseconds. A function with a short timeout gives up a fifth of it instead of ten seconds. */
export function deadlineAfter(now: number, remainingMs: number): number {
  const remaining = Math.max(0, remainingMs);
  return now + remaining - Math.min(MARGIN_MS, Math.ceil(remaining / 5));
}

function failure(code: keyof typeof FAILURES, message: string, context: Context): Response {
  const { status, type } = FAILURES[code];
  return Response.json(
    { error: { message, type, param: null, code } },
    { status, headers: { 'x-request-id': context.awsRequestId } },
  );
}

function report(log: Log | undefined, context: Context, message: string, error: unknown): void {
  const name = error instanceof Error ? error.name : typeof error;
  log?.error(message, { request_id: context.awsRequestId, error: name });
}
