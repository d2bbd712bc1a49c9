import type { Attempt } from '#core/ledger/event.ts';
import { ProviderFailure } from '#providers/failure.ts';

/** Attempts that made no provider call: the target was passed over (`invalid_request`: it has no such operation). */
const PASSED_OVER = ['circuit_open', 'credentials_unavailable', 'invalid_request'];

/** How many of the attempts were provider calls. */
export function callsIn(attempts: readonly Attempt[]): number {
  return attempts.filter(({ error }) => error === undefined || !PASSED_OVER.includes(error)).length;
}

/** Of the system errors under a failed fetch (Node.js `errors` and OpenSSL verification codes). */
const CLASSES: readonly (readonly [RegExp, string])[] = [
  [/^ECONNREFUSED$/, 'connection_refused'],
  [/^(ENOTFOUND|EAI_)/, 'dns_failed'],
  [/^(ECONNRESET|EPIPE|UND_ERR_SOCKET)$/, 'connection_reset'],
  [/^(ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT|EHOSTUNREACH|ENETUNREACH)$/, 'unreachable'],
  [/CERT|SELF_SIGNED|^ERR_(SSL|TLS)|^EPROTO$|UNABLE_TO_/, 'tls_failed'],
  [/^EGRESS_REFUSED$/, 'address_refused'],
];

/** What an attempt's `error` says: the kind of a failed connection where it is known, else the code the client is told. */
export function classOf(error: unknown): string {
  if (!(error instanceof ProviderFailure)) return 'bug';
  const code = systemCode(error.cause);
  return CLASSES.find(([pattern]) => pattern.test(code))?.[1] ?? error.code;
}

/** `fetch` wraps the system error once or twice. */
function systemCode(cause: unknown): string {
  let error = cause;
  for (let depth = 0; typeof error === 'object' && error !== null && depth < 5; depth += 1) {
    const { code, cause: inner } = error as { code?: unknown; cause?: unknown };
    if (typeof code === 'string') return code;
    error = inner;
  }
  return '';
}
