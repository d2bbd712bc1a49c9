/** The stream Lambda hands to a streaming handler. Not a `Writable` by class, only by behaviour. */
export type LambdaStream = awslambda.HttpResponseStream;

/** Headers that describe one connection, which Lambda decides for itself. */
const HOP_BY_HOP = new Set(['connection', 'content-length', 'keep-alive', 'transfer-encoding', 'upgrade']);

/**
 * Writes a response to Lambda and ends the stream; resolves when the body was read to its end and never rejects for a
 * client that is gone: the body is still read, because its end is what makes the call's record durable. Returns what the
 * body failed with, if it failed.
 */
export async function sendResponse(response: Response, target: LambdaStream): Promise<unknown> {
  const stream = awslambda.HttpResponseStream.from(target, metadataOf(response));
  // The metadata leave with the first write. An `end` without one loses status and headers (research/aws.md §2, trap A).
  stream.write('');
  const failure = await copyBody(response.body, stream);
  if (failure !== undefined && isEventStream(response)) stream.write(LAST_FRAME);
  stream.end();
  return failure;
}

/** Text after a status of 200 must say itself that something went wrong. */
const LAST_FRAME = 'data: {"error": "The answer was cut short by an internal error. Try again."}\n\n';

function isEventStream(response: Response): boolean {
  return response.headers.get('content-type')?.startsWith('text/event-stream') ?? false;
}

function metadataOf(response: Response): Record<string, unknown> {
  const headers: Record<string, string> = {};
  for (const [name, value] of response.headers) {
    if (name !== 'set-cookie' && !HOP_BY_HOP.has(name)) headers[name] = value;
  }
  const cookies = response.headers.getSetCookie();
  return { statusCode: response.status, headers, ...(cookies.length > 0 && { cookies }) };
}

/** No `pipeline`: a source that fails would kill the execution environment (research/aws.md §2, trap B). */
async function copyBody(body: ReadableStream<Uint8Array> | null, stream: LambdaStream): Promise<unknown> {
  try {
    for await (const chunk of body ?? []) {
      if (!stream.destroyed && !stream.write(chunk)) await drained(stream);
    }
    return undefined;
  } catch (error) {
    return error ?? new Error('the body failed');
  }
}

/** Resolves when there is room again, or when there never will be. */
function drained(stream: LambdaStream): Promise<void> {
  return new Promise((resolve) => {
    const events = ['drain', 'close', 'error'];
    const done = () => {
      for (const event of events) stream.removeListener(event, done);
      resolve();
    };
    for (const event of events) stream.on(event, done);
  });
}
