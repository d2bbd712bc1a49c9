import { FAILURES, GatewayError } from '#core/errors.ts';
import type { JsonObject } from '#core/json.ts';
import { ProviderFailure } from '#providers/failure.ts';

/** Headers on every answer of the gateway. */
export interface AnswerHeaders {
  readonly requestId: string;
  readonly verdict?: string;
  readonly pack?: string;
  /** Of rate limits. */
  readonly rate?: Readonly<Record<string, string>>;
}

/** The OpenAI error object of a failure; the status comes from the one table in core/errors.ts. */
export function errorBody(error: GatewayError, extra: JsonObject = {}): JsonObject {
  return {
    error: {
      message: error.message,
      type: FAILURES[error.code].type,
      param: error.param,
      code: error.code,
      ...extra,
    },
  };
}

export function statusOf(error: GatewayError): number {
  return FAILURES[error.code].status;
}

export function errorResponse(error: GatewayError, answer: AnswerHeaders): Response {
  return jsonResponse(statusOf(error), errorBody(error), failureHeaders(error, answer));
}

/** The headers that tell a client what to do after a failure. */
export function failureHeaders(error: GatewayError, answer: AnswerHeaders): Headers {
  const headers = standardHeaders(answer);
  headers.set('content-type', 'application/json');
  headers.set('x-should-retry', String(FAILURES[error.code].retry));
  if (error.retryAfterSeconds !== undefined) headers.set('retry-after', String(error.retryAfterSeconds));
  if (error.code === 'invalid_api_key') headers.set('www-authenticate', 'Bearer');
  return headers;
}

export function jsonResponse(status: number, body: JsonObject, headers: Headers): Response {
  headers.set('content-type', 'application/json');
  return new Response(JSON.stringify(body), { status, headers });
}

export function standardHeaders(answer: AnswerHeaders): Headers {
  const headers = new Headers({ 'x-request-id': answer.requestId, 'cache-control': 'no-store' });
  if (answer.verdict) headers.set('x-keeptrusts-verdict', answer.verdict);
  if (answer.pack) headers.set('x-keeptrusts-pack', answer.pack);
  for (const [name, value] of Object.entries(answer.rate ?? {})) headers.set(name, value);
  return headers;
}

/** Turns whatever was thrown into something that can be shown: an unknown error keeps its text to itself. */
export function asGatewayError(error: unknown, requestId: string): GatewayError {
  if (error instanceof GatewayError) return error;
  if (error instanceof ProviderFailure) return new GatewayError(error.code, error.message, { cause: error });
  return new GatewayError('internal_error', `Something went wrong in the gateway. Reference: ${requestId}`, {
    cause: error,
  });
}
