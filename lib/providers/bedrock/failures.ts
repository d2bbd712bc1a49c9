import { ProviderFailure } from '../failure.ts';
import { refusedWith } from '../refused.ts';

/** Names of failures that say more than their status. Bedrock's API reference lists them. */
const STATUS_OF: Readonly<Record<string, number>> = {
  AccessDeniedException: 403,
  UnrecognizedClientException: 403,
  ExpiredTokenException: 403,
  CredentialsProviderError: 403,
  TokenProviderError: 403,
  ThrottlingException: 429,
  TooManyRequestsException: 429,
  ServiceQuotaExceededException: 429,
  ModelNotReadyException: 429,
  ModelErrorException: 502,
  ModelStreamErrorException: 502,
};

/** A failure of the SDK, as the failure table has it. */
export function failureOf(error: unknown): ProviderFailure {
  if (error instanceof ProviderFailure) return error;
  const { name, message, status } = described(error);
  if (name === 'ModelTimeoutException') {
    return new ProviderFailure('provider_timeout', 'The provider did not answer in time.', {
      status,
      cause: error,
    });
  }
  const known = STATUS_OF[name] ?? status;
  if (known !== null) return refusedWith(known, message);
  const unreachable = 'The provider could not be reached.';
  return new ProviderFailure('provider_error', unreachable, { again: true, cause: error });
}

function described(error: unknown): { name: string; message: string; status: number | null } {
  if (!(error instanceof Error)) return { name: '', message: '', status: null };
  const metadata = (error as { $metadata?: { httpStatusCode?: number } }).$metadata;
  return { name: error.name, message: error.message, status: metadata?.httpStatusCode ?? null };
}
