import type { FailureCode } from '#core/errors.ts';

/** A provider did not answer as it should; `code` is what the client will be told. */
export class ProviderFailure extends Error {
  override readonly name = 'ProviderFailure';
  readonly code: FailureCode;
  /** HTTP status of the provider, or null when there was no answer. */
  readonly status: number | null;
  /** Another attempt (or another target) may help. */
  readonly again: boolean;
  readonly retryAfterSeconds: number | undefined;

  constructor(
    code: FailureCode,
    message: string,
    options: {
      status?: number | null;
      again?: boolean;
      retryAfterSeconds?: number | undefined;
      cause?: unknown;
    } = {},
  ) {
    super(message, { cause: options.cause });
    this.code = code;
    this.status = options.status ?? null;
    this.again = options.again ?? false;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

/** The wire has no such operation: the client can only ask another model. */
export function lacking(provider: string, operation: string): ProviderFailure {
  const message = `Models of ${provider} do not serve this route (${operation}). Choose another model.`;
  return new ProviderFailure('invalid_request', message);
}

/** The provider says inside a stream that it failed; `again` as long as nothing of the answer came. */
export function inStream(again: boolean): ProviderFailure {
  const message = 'The provider reported an error in its stream.';
  return new ProviderFailure('provider_error', message, { status: 200, again });
}
