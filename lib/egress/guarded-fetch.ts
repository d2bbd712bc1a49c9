import { type LookupAddress, lookup as systemLookup } from 'node:dns';
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import { mayConnect, type Reach, withoutBrackets } from '#core/net/endpoint.ts';
import { EgressRefused } from './egress-refused.ts';
import { toResponse } from './to-response.ts';

/** Resolves a name to all of its addresses. */
export type Resolve = (
  hostname: string,
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

export type GuardedFetch = (url: string, init: RequestInit & { readonly reach?: Reach }) => Promise<Response>;

/**
 * `fetch` for provider calls that looks at the address it connects to: every address a name resolves to must be within `reach` (default
 * `public`), and the connection goes to one of those that were looked at, so a name cannot mean another one a moment later. Never
 * follows a redirect, never takes a proxy from the environment. Rejects with EGRESS_REFUSED before anything is sent.
 */
export function guardedFetch(resolve: Resolve = resolveAll): GuardedFetch {
  const agents = new Map<string, HttpAgent | HttpsAgent>();

  function agentFor(secure: boolean, reach: Reach): HttpAgent | HttpsAgent {
    const key = `${secure} ${reach}`;
    const known = agents.get(key);
    if (known) return known;
    const options = { keepAlive: true, lookup: guardedLookup(resolve, reach) };
    const made = secure ? new HttpsAgent(options) : new HttpAgent(options);
    agents.set(key, made);
    return made;
  }

  return async (text, { reach = 'public', ...init }) => {
    const url = new URL(text);
    const secure = url.protocol === 'https:';
    if (!secure && !(url.protocol === 'http:' && reach === 'loopback')) throw new EgressRefused(url.hostname);
    refuseLiteral(withoutBrackets(url.hostname), reach);
    return exchange(url, init, agentFor(secure, reach));
  };
}

function resolveAll(hostname: string, callback: Parameters<Resolve>[1]): void {
  systemLookup(hostname, { all: true }, callback);
}

/** An address needs no look-up, so it is looked at here. */
function refuseLiteral(hostname: string, reach: Reach): void {
  const literal = /^[\d.]+$/.test(hostname) || hostname.includes(':');
  if (literal && !mayConnect(hostname, reach)) throw new EgressRefused(hostname);
}

/** One address that is out of reach refuses the name: a resolver that mixes them is up to something. */
function guardedLookup(resolve: Resolve, reach: Reach): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, (error, addresses) => {
      const [first] = addresses ?? [];
      if (error) return callback(error, []);
      if (!first || !addresses.every(({ address }) => mayConnect(address, reach))) {
        return callback(new EgressRefused(hostname), []);
      }
      return options.all ? callback(null, addresses) : callback(null, first.address, first.family);
    });
  };
}

async function exchange(url: URL, init: RequestInit, agent: HttpAgent | HttpsAgent): Promise<Response> {
  const encoded = new Response(init.body ?? null);
  const body = new Uint8Array(await encoded.arrayBuffer());
  const headers = new Headers(init.headers);
  const type = encoded.headers.get('content-type');
  // A form's boundary is known only now.
  if (type && !headers.has('content-type')) headers.set('content-type', type);
  headers.set('content-length', String(body.byteLength));
  headers.set('accept-encoding', 'identity');
  const once = () => send(url, init, headers, body, agent);
  return once().catch((error: unknown) => (isStale(error) ? once() : Promise.reject(error)));
}

/** The provider had closed a kept connection before it saw this request (https://nodejs.org/api/http.html#requestreusedsocket). */
class StaleSocket extends Error {}

const isStale = (error: unknown): boolean => error instanceof StaleSocket;

function send(
  url: URL,
  init: RequestInit,
  headers: Headers,
  body: Uint8Array,
  agent: HttpAgent | HttpsAgent,
): Promise<Response> {
  const signal = init.signal ?? undefined;
  return new Promise((resolve, reject) => {
    const options = { method: init.method ?? 'GET', headers: Object.fromEntries(headers), agent, signal };
    const onAnswer = (answer: IncomingMessage) => {
      try {
        resolve(toResponse(answer, signal));
      } catch (error) {
        answer.destroy();
        reject(error);
      }
    };
    const request =
      url.protocol === 'https:' ? httpsRequest(url, options, onAnswer) : httpRequest(url, options, onAnswer);
    request.on('error', (error: NodeJS.ErrnoException) => {
      const closed = error.code === 'ECONNRESET' || error.code === 'EPIPE';
      reject(request.reusedSocket && closed && !signal?.aborted ? new StaleSocket() : error);
    });
    request.end(body);
  });
}
