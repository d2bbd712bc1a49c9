/** Longest wait that is passed on; a provider that asks for more is not believed. */
const MAX_SECONDS = 3600;

/**
 * How long a provider asks to wait, in whole seconds up to an hour: `retry-after-ms`, or `Retry-After` as seconds or as a date (RFC 9110
 * §10.2.3), which is read against the answer's own `Date`. Undefined when it does not say.
 */
export function retryAfter({ headers }: Response): number | undefined {
  const ms = number(headers.get('retry-after-ms'));
  if (ms !== undefined) return bounded(ms / 1000);
  const text = headers.get('retry-after');
  const seconds = number(text);
  if (seconds !== undefined) return bounded(seconds);
  const wait = Date.parse(text ?? '') - Date.parse(headers.get('date') ?? '');
  return Number.isNaN(wait) ? undefined : bounded(Math.max(0, wait / 1000));
}

function number(text: string | null): number | undefined {
  return text !== null && /^\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : undefined;
}

function bounded(seconds: number): number {
  return Math.min(Math.ceil(seconds), MAX_SECONDS);
}
