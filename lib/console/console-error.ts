/** Why the console answers without data: one table of codes and statuses. */
const STATUS = {
  invalid_request: 400,
  unauthorized: 401,
  forbidden: 403,
  not_allowed: 403,
  not_found: 404,
  method_not_allowed: 405,
  already_decided: 409,
  already_approved: 409,
  text_changed: 409,
  changed_meanwhile: 409,
  claimed: 409,
  request_too_large: 413,
  unsupported_media_type: 415,
  internal_error: 500,
  audit_unavailable: 503,
  review_unavailable: 503,
  sign_in_unavailable: 503,
} as const;

export type ConsoleErrorCode = keyof typeof STATUS;

interface ConsoleErrorOptions {
  readonly cause?: unknown;
  readonly details?: Readonly<Record<string, unknown>>;
  readonly allow?: readonly string[];
}

/** The message is shown to the person: it says what to do. */
export class ConsoleError extends Error {
  override readonly name = 'ConsoleError';
  readonly code: ConsoleErrorCode;
  readonly status: number;
  /** More members of the `error` object. */
  readonly details: Readonly<Record<string, unknown>>;
  /** With 405: the methods that are possible. */
  readonly allow: readonly string[];

  constructor(code: ConsoleErrorCode, message: string, options: ConsoleErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.code = code;
    this.status = STATUS[code];
    this.details = options.details ?? {};
    this.allow = options.allow ?? [];
  }
}
