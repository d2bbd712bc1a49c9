import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { FAILURES, GatewayError } from '#core/errors.ts';

const UNREADABLE: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
};

/** An OpenAI-shaped error of the door itself. */
export function sendFailure(failure: GatewayError, outgoing: ServerResponse): void {
  const { status, type, retry } = FAILURES[failure.code];
  const { message, code, param } = failure;
  outgoing.writeHead(status, {
    'content-type': 'application/json',
    'x-should-retry': String(retry),
    ...(failure.retryAfterSeconds === undefined ? {} : { 'retry-after': String(failure.retryAfterSeconds) }),
  });
  outgoing.end(JSON.stringify({ error: { message, type, code, param } }));
}

/** Answers what node's parser does not accept: no request exists, so the bytes are written by hand. */
export function refuseUnreadable(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const status = UNREADABLE[error.code ?? ''] ?? '400 Bad Request';
  const message = 'The request is not valid HTTP, is too slow, or its headers are too large.';
  const body = JSON.stringify({
    error: { message, type: 'invalid_request_error', code: 'invalid_request', param: null },
  });
  const head = `HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-type: application/json\r\n`;
  socket.end(`${head}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
}

/** What is answered to a body over the hard limit of the door. */
export function tooLarge(maxBytes: number): GatewayError {
  const limit = Math.floor(maxBytes / 1024 / 1024);
  return new GatewayError('request_too_large', `The request body is larger than ${limit} MB. Send less.`);
}

/** The app threw: a bug. The cause is kept for the log, the client learns nothing of it. */
export function internal(cause: unknown): GatewayError {
  return new GatewayError(
    'internal_error',
    'The gateway failed. Try again; if it stays, tell the operator.',
    { cause },
  );
}
