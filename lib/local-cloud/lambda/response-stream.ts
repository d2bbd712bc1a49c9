import type { PassThrough, Writable } from 'node:stream';

/** The content type that says: a JSON prelude and eight NUL bytes come before the body. */
export const INTEGRATION_RESPONSE = 'application/vnd.awslambda.http-integration-response';

/** Marks a streaming handler, as the official runtime client looks it up. */
const STREAMING = Symbol.for('aws.lambda.runtime.handler.streaming');

export const PRELUDE_END = '\0'.repeat(8);

const METHODS = [
  'addListener',
  'cork',
  'destroy',
  'emit',
  'end',
  'listenerCount',
  'off',
  'on',
  'once',
  'removeListener',
  'setDefaultEncoding',
  'uncork',
  'write',
] as const;

const STATE = [
  'closed',
  'destroyed',
  'errored',
  'writable',
  'writableCorked',
  'writableEnded',
  'writableFinished',
  'writableHighWaterMark',
  'writableLength',
  'writableNeedDrain',
] as const;

const metadata = Symbol('metadata of the first write');

/** What a streaming handler gets: a plain object that behaves like a Writable, as on Lambda (`instanceof` is false). */
export interface ResponseStream extends Pick<Writable, (typeof METHODS)[number] | (typeof STATE)[number]> {
  setContentType(contentType: string): void;
  [metadata]?: unknown;
}

/** `onStart` is called once, with the content type, before the first byte or the end reaches `body`. */
export function createResponseStream(
  body: PassThrough,
  onStart: (contentType: string) => void,
): ResponseStream {
  let contentType = 'application/octet-stream';
  let started = false;
  const start = () => {
    if (!started) onStart(contentType);
    started = true;
  };

  const stream = { ...methodsOf(body), setContentType: (type: string) => (contentType = type) };
  for (const name of STATE) Object.defineProperty(stream, name, { get: () => body[name] });

  return Object.assign(stream as unknown as ResponseStream, {
    write(...args: [chunk: unknown]) {
      start();
      const head = (stream as unknown as ResponseStream)[metadata];
      delete (stream as unknown as ResponseStream)[metadata];
      if (head !== undefined) body.write(JSON.stringify(head) + PRELUDE_END);
      return body.write(...args);
    },
    end(...args: []) {
      start();
      return body.end(...args);
    },
  });
}

function methodsOf(body: PassThrough): Record<string, unknown> {
  return Object.fromEntries(METHODS.map((name) => [name, (body[name] as () => unknown).bind(body)]));
}

/** The `awslambda` global that handlers are written against; must exist before a handler's module loads. */
export function createAwsLambda(): object {
  return {
    streamifyResponse: (handler: object) => Object.assign(handler, { [STREAMING]: 'response' }),
    HttpResponseStream: {
      /** Arms the prelude for the first `write`; an `end` does not send it, which is Lambda's own trap. */
      from(stream: ResponseStream, head: unknown): ResponseStream {
        stream.setContentType(INTEGRATION_RESPONSE);
        stream[metadata] = head;
        return stream;
      },
    },
  };
}

export function isStreaming(handler: object): boolean {
  return Reflect.get(handler, STREAMING) === 'response';
}
