import type { IncomingMessage } from 'node:http';
import type { UnderlyingSource } from 'node:stream/web';
import { GatewayError } from '#core/errors.ts';
import { tooLarge } from './http-failure.ts';

/** Fetch knows no request for these. */
const FORBIDDEN_METHODS = new Set(['CONNECT', 'TRACE', 'TRACK']);

/**
 * The web Request of a node request. Repeated headers arrive joined by a comma, so that a second Authorization is seen.
 * Reading the body past `maxBytes` fails. Throws a GatewayError for what no app could answer.
 */
export function toRequest(
  incoming: IncomingMessage,
  { origin, signal, maxBytes }: { origin: string; signal: AbortSignal; maxBytes: number },
): Request {
  const method = incoming.method ?? 'GET';
  if (FORBIDDEN_METHODS.has(method))
    throw new GatewayError('method_not_allowed', `${method} is not served here.`);
  const bodiless = method === 'GET' || method === 'HEAD';
  return new Request(urlOf(incoming, origin), {
    method,
    signal,
    headers: headersOf(incoming),
    ...(bodiless ? {} : { body: bodyOf(incoming, maxBytes), duplex: 'half' }),
  });
}

/** Only paths are accepted, and joined by hand: `new URL('//host/x', origin)` would leave the origin. */
function urlOf({ url = '/' }: IncomingMessage, origin: string): string {
  if (url.startsWith('/') && URL.canParse(origin + url)) return origin + url;
  throw new GatewayError(
    'invalid_request',
    'The request target must be a path, such as /v1/chat/completions.',
  );
}

function headersOf({ rawHeaders }: IncomingMessage): Headers {
  const headers = new Headers();
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) append(headers, rawHeaders[at], rawHeaders[at + 1]);
  return headers;
}

function append(headers: Headers, name = '', value = ''): void {
  try {
    headers.append(name, value);
  } catch {
    throw new GatewayError('invalid_request', 'The request has a header that is not valid.');
  }
}

/** A stream that never destroys the connection when the app stops reading: the answer still has to go out. */
function bodyOf(incoming: IncomingMessage, maxBytes: number): ReadableStream<Uint8Array> {
  const chunks: AsyncIterator<Buffer> = incoming.iterator({ destroyOnReturn: false });
  let seen = 0;
  const source: UnderlyingSource<Uint8Array> = {
    async pull(controller) {
      const { done, value } = await chunks.next();
      if (done) return controller.close();
      seen += value.length;
      if (seen > maxBytes) throw tooLarge(maxBytes);
      controller.enqueue(value);
    },
    async cancel() {
      await chunks.return?.();
    },
  };
  return new ReadableStream(source, { highWaterMark: 0 });
}
