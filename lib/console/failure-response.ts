import { errorName } from '#core/error-name.ts';
import { FAILURES, GatewayError } from '#core/errors.ts';
import type { Log } from '#core/ports.ts';
import { ConsoleError } from './console-error.ts';

/** Any failure as `{ error: { message, code } }`. What was not foreseen is logged by name and says nothing more. */
export function failureResponse(error: unknown, log: Log): Response {
  if (error instanceof ConsoleError) return refusal(error, log);
  if (error instanceof GatewayError) return failure(FAILURES[error.code].status, error.code, error.message);
  log.error('console failed', { error: errorName(error) });
  return failure(500, 'internal_error', 'The console failed. Try again; its log names the reason.');
}

function refusal(error: ConsoleError, log: Log): Response {
  const { status, code, message, details, allow, cause } = error;
  if (status >= 500) log.error('console refused', { code, error: errorName(cause) });
  const response = failure(status, code, message, details);
  if (status === 401) response.headers.set('www-authenticate', 'Bearer realm="keeptrusts"');
  if (allow.length) response.headers.set('allow', allow.join(', '));
  return response;
}

function failure(status: number, code: string, message: string, details = {}): Response {
  return Response.json({ error: { message, code, ...details } }, { status });
}
