import { attemptSpanId, type Trace, writeTraceparent } from '#core/trace/trace.ts';
import type { Fetch } from '#providers/provider.ts';

/** Tells the provider which attempt of which trace it serves. */
export function tracedFetch(fetch: Fetch, trace: Trace, requestId: string, attempt: number): Fetch {
  const traceparent = writeTraceparent(trace, attemptSpanId(requestId, attempt));
  return (url, init) => {
    const headers = new Headers(init.headers);
    headers.set('traceparent', traceparent);
    return fetch(url, { ...init, headers });
  };
}
