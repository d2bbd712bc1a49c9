import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, isIPv6, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { App } from '#core/app.ts';
import { GatewayError } from '#core/errors.ts';
import { type Admission, createAdmission } from './admission.ts';
import { internal, refuseUnreadable, sendFailure, tooLarge } from './http-failure.ts';
import { toRequest } from './http-request.ts';
import { sendResponse } from './http-response.ts';
import { discardRest } from './lingering-close.ts';

export interface ServeOptions {
  readonly host: string;
  /** 0 = any free port. */
  readonly port: number;
  /** Calls that are served at the same time. Default 64. */
  readonly maxConcurrent?: number;
  /** Calls that may wait for a place (default: four per place), and how long (default 10 s); beyond either they get 503. */
  readonly maxWaiting?: number;
  readonly waitMs?: number;
  /** Paths that never wait: a health check must be answered by a gateway that is busy. */
  readonly unlimited?: (path: string) => boolean;
  /** How long one call may take. Default 590 s: Dify's plugin daemon kills a call after 600 s, and nobody would be told why. */
  readonly callMs?: number;
  /** Milliseconds in which a client must have sent its headers (default 10 s), and its whole request (default 60 s). */
  readonly headersMs?: number;
  readonly requestMs?: number;
  /** Told what the app threw: a bug, since an App answers every failure itself. */
  readonly onError?: (error: unknown) => void;
}

export interface HttpDoor {
  /** `http://127.0.0.1:41002`, without a path. */
  readonly url: string;
  /** Calls that have a place, and calls that wait for one. */
  load(): { readonly running: number; readonly waiting: number };
  /**
   * Takes no new calls, gives running ones `drainMs` to end, then cuts them off (default 10 s). Resolves when every
   * call has ended, so that all events are written; at the latest two seconds after the cut.
   */
  close(drainMs?: number): Promise<void>;
}

/** No request body is read beyond this; the app's own limit is lower and answers better. */
const HARD_BODY_LIMIT = 8 * 1024 * 1024;
const CALL_MS = 590_000;
const MAX_HEADER_BYTES = 32 * 1024;
const MAX_CONNECTIONS = 1000;
const AFTER_CUT_MS = 2000;

/** Serves an App over plain HTTP/1.1. Rejects with the system's error (`EADDRINUSE`, …) when it cannot listen. */
export async function serveHttp(app: App, options: ServeOptions): Promise<HttpDoor> {
  const running = new Set<Promise<void>>();
  const admission = admissionOf(options);
  const server = createHttpServer(options, (incoming, outgoing) => {
    const call = answer(app, incoming, outgoing, admission, options).finally(() => running.delete(call));
    running.add(call);
  });
  server.listen(options.port, options.host);
  await once(server, 'listening');
  return {
    url: originOf(server),
    load: () => ({ running: admission.running, waiting: admission.waiting }),
    close: (drainMs = 10_000) => shutDown(server, running, drainMs),
  };
}

function admissionOf({ maxConcurrent: limit = 64, maxWaiting, waitMs = 10_000 }: ServeOptions): Admission {
  return createAdmission({ limit, waiting: maxWaiting ?? 4 * limit, waitMs });
}

function createHttpServer(
  options: ServeOptions,
  onCall: (incoming: IncomingMessage, outgoing: ServerResponse) => void,
): Server {
  const timeouts = {
    headersTimeout: options.headersMs ?? 10_000,
    requestTimeout: options.requestMs ?? 60_000,
    connectionsCheckingInterval: Math.min(options.headersMs ?? 1000, 1000),
    // Longer than the pools of common clients, so that it is the client who closes an idle connection.
    keepAliveTimeout: 75_000,
  };
  const server = createServer({ ...timeouts, maxHeaderSize: MAX_HEADER_BYTES, noDelay: true }, onCall);
  server.maxConnections = MAX_CONNECTIONS;
  server.on('clientError', refuseUnreadable);
  return server;
}

async function answer(
  app: App,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  admission: Admission,
  options: ServeOptions,
): Promise<void> {
  const left = new AbortController();
  outgoing.on('close', () => {
    if (!outgoing.writableFinished) left.abort();
  });
  outgoing.on('finish', () => discardRest(incoming));
  let leave: (() => void) | undefined;
  try {
    if (declaredLength(incoming) > HARD_BODY_LIMIT) throw tooLarge(HARD_BODY_LIMIT);
    const request = toRequest(incoming, {
      origin: originHere(incoming),
      signal: left.signal,
      maxBytes: HARD_BODY_LIMIT,
    });
    if (!options.unlimited?.(incoming.url ?? '')) leave = await admission.enter(left.signal);
    const context = { deadline: Date.now() + (options.callMs ?? CALL_MS), ...sourceOf(incoming.socket) };
    await sendResponse(await app(request, context), outgoing);
  } catch (error) {
    if (error === left.signal.reason) return void outgoing.destroy();
    if (!(error instanceof GatewayError)) options.onError?.(error);
    refuse(incoming, outgoing, error instanceof GatewayError ? error : internal(error));
  } finally {
    leave?.();
  }
}

function refuse(incoming: IncomingMessage, outgoing: ServerResponse, failure: GatewayError): void {
  if (outgoing.headersSent) return void outgoing.destroy();
  outgoing.on('finish', () => discardRest(incoming));
  sendFailure(failure, outgoing);
}

async function shutDown(server: Server, running: ReadonlySet<Promise<void>>, drainMs: number): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeIdleConnections();
  await settledWithin(running, drainMs);
  server.closeAllConnections();
  await settledWithin(running, AFTER_CUT_MS);
  await closed;
}

async function settledWithin(running: ReadonlySet<Promise<void>>, ms: number): Promise<void> {
  const stop = new AbortController();
  const timeout = sleep(ms, undefined, { signal: stop.signal }).catch(() => undefined);
  await Promise.race([Promise.allSettled(running), timeout]);
  stop.abort();
}

function declaredLength({ headers }: IncomingMessage): number {
  return Number(headers['content-length'] ?? 0);
}

function originHere({ socket }: IncomingMessage): string {
  return origin(socket.localAddress ?? '127.0.0.1', socket.localPort ?? 80);
}

function originOf(server: Server): string {
  const { address, port } = server.address() as AddressInfo;
  return origin(address, port);
}

function origin(address: string, port: number): string {
  return `http://${isIPv6(address) ? `[${address}]` : address}:${port}`;
}

function sourceOf({ remoteAddress }: Socket): { sourceIp?: string } {
  return remoteAddress === undefined ? {} : { sourceIp: remoteAddress };
}
