import type { LambdaFunctionURLEvent } from 'aws-lambda';

/** Thrown when an event cannot become a `Request`; the message is safe to show to the caller. */
export class UnservableEvent extends Error {
  override readonly name = 'UnservableEvent';
  readonly code: 'invalid_request' | 'method_not_allowed';

  constructor(code: UnservableEvent['code'], message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

/** The web request behind a payload 2.0 event: raw path and query as sent, base64 bodies decoded, cookies in one header. */
export function requestFromEvent(event: LambdaFunctionURLEvent): Request {
  const http = event.requestContext?.http;
  if (!http?.method)
    throw new UnservableEvent('invalid_request', 'this function answers HTTP requests through its URL');

  const headers = headersFromEvent(event);
  const body = bodyFromEvent(event, http.method);
  try {
    return new Request(urlFromEvent(event), { method: http.method, headers, ...(body && { body }) });
  } catch (cause) {
    throw new UnservableEvent('method_not_allowed', `method ${http.method} is not served`, cause);
  }
}

function urlFromEvent(event: LambdaFunctionURLEvent): URL {
  const host = event.requestContext.domainName || 'localhost';
  const query = event.rawQueryString ? `?${event.rawQueryString}` : '';
  try {
    return new URL(`https://${host}${event.rawPath || '/'}${query}`);
  } catch (cause) {
    throw new UnservableEvent('invalid_request', 'the request has no valid address', cause);
  }
}

/** Cookies arrive apart from the other headers; a real client sent them as one header. */
function headersFromEvent(event: LambdaFunctionURLEvent): Headers {
  try {
    const headers = new Headers();
    for (const [name, value] of Object.entries(event.headers ?? {})) {
      if (value !== undefined) headers.set(name, value);
    }
    if (event.cookies?.length) headers.set('cookie', event.cookies.join('; '));
    return headers;
  } catch (cause) {
    throw new UnservableEvent(
      'invalid_request',
      'a request header holds characters HTTP does not allow',
      cause,
    );
  }
}

/** GET and HEAD carry no body in the web's `Request`; what a client sent with them is dropped. */
function bodyFromEvent(event: LambdaFunctionURLEvent, method: string): Uint8Array<ArrayBuffer> | undefined {
  if (!event.body || method === 'GET' || method === 'HEAD') return undefined;
  return Uint8Array.from(Buffer.from(event.body, event.isBase64Encoded ? 'base64' : 'utf8'));
}
