import type { FailureCode } from '#core/errors.ts';

/** One fault of a provider and what it leads to, with one target and the defaults. docs/failures.md shows it, test/gateway/provider-faults.test.ts proves it. */
export interface ProviderFault {
  readonly fault: string;
  /** What the client gets, whole or streamed, before the first byte. */
  readonly code: FailureCode;
  /** Provider calls. */
  readonly calls: 1 | 2;
  /** `error` of each attempt on the event. */
  readonly recorded: string;
  /** The provider may have worked and bill it, though nothing came: the call counts with its worst case, others with 0. */
  readonly mayCost?: true;
}

/** Before the first byte. */
export const FAULTS: readonly ProviderFault[] = [
  { fault: 'connection refused', code: 'provider_error', calls: 2, recorded: 'connection_refused' },
  { fault: 'name does not resolve', code: 'provider_error', calls: 2, recorded: 'dns_failed' },
  {
    fault: 'name resolves to an inner address',
    code: 'provider_error',
    calls: 2,
    recorded: 'address_refused',
  },
  { fault: 'self-signed certificate', code: 'provider_error', calls: 2, recorded: 'tls_failed' },
  { fault: 'connection reset', code: 'provider_error', calls: 2, recorded: 'connection_reset' },
  {
    fault: 'status 429 with Retry-After',
    code: 'provider_rate_limited',
    calls: 1,
    recorded: 'provider_rate_limited',
  },
  { fault: 'status 429', code: 'provider_rate_limited', calls: 1, recorded: 'provider_rate_limited' },
  { fault: 'status 500', code: 'provider_error', calls: 2, recorded: 'provider_error' },
  {
    fault: 'status 503 with a long Retry-After',
    code: 'provider_error',
    calls: 1,
    recorded: 'provider_error',
  },
  { fault: 'status 400', code: 'provider_rejected', calls: 1, recorded: 'provider_rejected' },
  { fault: 'status 401', code: 'provider_auth_error', calls: 2, recorded: 'provider_auth_error' },
  { fault: 'status 403', code: 'provider_auth_error', calls: 2, recorded: 'provider_auth_error' },
  { fault: 'a redirect', code: 'provider_error', calls: 1, recorded: 'provider_error' },
  {
    fault: 'no first byte in time',
    code: 'provider_timeout',
    calls: 1,
    recorded: 'provider_timeout',
    mayCost: true,
  },
  {
    fault: 'silence after the headers',
    code: 'provider_timeout',
    calls: 1,
    recorded: 'provider_timeout',
    mayCost: true,
  },
  { fault: 'HTML with status 200', code: 'provider_error', calls: 2, recorded: 'provider_error' },
  { fault: 'an empty body', code: 'provider_error', calls: 2, recorded: 'provider_error' },
  { fault: 'JSON without choices', code: 'provider_error', calls: 2, recorded: 'provider_error' },
];

/** After the first text of a stream: one error frame, then the body ends. */
export const STREAM_FAULTS: readonly Omit<ProviderFault, 'calls'>[] = [
  { fault: 'cut', code: 'provider_error', recorded: 'connection_reset' },
  { fault: 'ended without finish_reason or [DONE]', code: 'provider_error', recorded: 'provider_error' },
  { fault: 'silence longer than idle_timeout_ms', code: 'provider_timeout', recorded: 'provider_timeout' },
  { fault: 'three unreadable frames in a row', code: 'provider_error', recorded: 'provider_error' },
  { fault: 'an error in the stream', code: 'provider_error', recorded: 'provider_error' },
  { fault: 'an error with empty choices', code: 'provider_error', recorded: 'provider_error' },
  { fault: 'too large', code: 'provider_error', recorded: 'provider_error' },
];
