/**
 * Every refusal that is not a policy's opinion, in one table: status, OpenAI error type and whether a client may
 * try again. Source of the codes: the error table in research/reliability.md §3.
 */
export const FAILURES = {
  invalid_request: { status: 400, type: 'invalid_request_error', retry: false },
  invalid_api_key: { status: 401, type: 'invalid_request_error', retry: false },
  scope_denied: { status: 403, type: 'invalid_request_error', retry: false },
  data_policy_unmet: { status: 403, type: 'invalid_request_error', retry: false },
  not_found: { status: 404, type: 'invalid_request_error', retry: false },
  model_not_allowed: { status: 404, type: 'invalid_request_error', retry: false },
  method_not_allowed: { status: 405, type: 'invalid_request_error', retry: false },
  request_too_large: { status: 413, type: 'invalid_request_error', retry: false },
  input_blocked: { status: 400, type: 'policy_violation', retry: false },
  output_blocked: { status: 400, type: 'policy_violation', retry: false },
  review_pending: { status: 400, type: 'policy_violation', retry: false },
  rate_limited: { status: 429, type: 'rate_limit_error', retry: true },
  provider_rate_limited: { status: 429, type: 'rate_limit_error', retry: true },
  budget_exceeded: { status: 429, type: 'insufficient_quota', retry: false },
  price_unknown: { status: 403, type: 'invalid_request_error', retry: false },
  internal_error: { status: 500, type: 'server_error', retry: true },
  provider_error: { status: 502, type: 'server_error', retry: true },
  provider_auth_error: { status: 502, type: 'server_error', retry: false },
  /** OpenAI's and Azure's own code: their clients know it. */
  content_filter: { status: 400, type: 'invalid_request_error', retry: false },
  provider_rejected: { status: 400, type: 'invalid_request_error', retry: false },
  overloaded: { status: 503, type: 'server_error', retry: true },
  budget_unavailable: { status: 503, type: 'server_error', retry: true },
  audit_unavailable: { status: 503, type: 'server_error', retry: true },
  credentials_unavailable: { status: 503, type: 'server_error', retry: true },
  config_unavailable: { status: 503, type: 'server_error', retry: true },
  provider_unavailable: { status: 503, type: 'server_error', retry: true },
  review_unavailable: { status: 503, type: 'server_error', retry: true },
  provider_timeout: { status: 504, type: 'server_error', retry: true },
} as const;

export type FailureCode = keyof typeof FAILURES;

/** The caller cannot be served. The message is shown to the caller: it says what to do and never holds matched text or keys. */
export class GatewayError extends Error {
  override readonly name = 'GatewayError';
  readonly code: FailureCode;
  readonly param: string | null;
  readonly retryAfterSeconds: number | undefined;

  constructor(
    code: FailureCode,
    message: string,
    options: { cause?: unknown; param?: string; retryAfterSeconds?: number } = {},
  ) {
    super(message, { cause: options.cause });
    this.code = code;
    this.param = options.param ?? null;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}
