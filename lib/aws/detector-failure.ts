import { RemoteFailure, statusFailure } from '#core/policy/remote-failure.ts';

/** The service does not know us, does not let us, or does not have what the pack names. */
const REFUSED =
  /^(?:AccessDenied|UnrecognizedClient|ExpiredToken|InvalidSignature|Credentials|ResourceNotFound)/;

/** What an error of the AWS SDK means; its message could quote the text, so only its status and name count. */
export function detectorFailure(error: unknown): RemoteFailure {
  const { name = '', $metadata } = error as { name?: string; $metadata?: { httpStatusCode?: number } };
  if (REFUSED.test(name)) return new RemoteFailure('refused', { refused: true, cause: error });
  const status = $metadata?.httpStatusCode;
  if (status !== undefined && status >= 300) return statusFailure(status, error);
  if (status !== undefined) return new RemoteFailure('answered with something unreadable', { cause: error });
  return new RemoteFailure('could not be reached', { again: true, cause: error });
}
