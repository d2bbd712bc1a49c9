import { AwsError } from './aws-error.ts';

/** SQS still names these errors as its old query protocol did; SDKs read the header. */
const QUERY_CODES: Readonly<Record<string, string>> = {
  QueueDoesNotExist: 'AWS.SimpleQueueService.NonExistentQueue',
  QueueNameExists: 'QueueAlreadyExists',
  EmptyBatchRequest: 'AWS.SimpleQueueService.EmptyBatchRequest',
  TooManyEntriesInBatchRequest: 'AWS.SimpleQueueService.TooManyEntriesInBatchRequest',
  BatchEntryIdsNotDistinct: 'AWS.SimpleQueueService.BatchEntryIdsNotDistinct',
  BatchRequestTooLong: 'AWS.SimpleQueueService.BatchRequestTooLong',
  MessageNotInflight: 'AWS.SimpleQueueService.MessageNotInflight',
};

export interface Refusal {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
}

/** The wire form of an error; what is not an `AwsError` is a fault of the stand-in and says so. */
export function refusalOf(error: unknown): Refusal {
  const { code, status, message, members } = asAwsError(error);
  const queryCode = QUERY_CODES[code];
  const fault = status < 500 ? 'Sender' : 'Receiver';
  return {
    status,
    headers: {
      'x-amzn-errortype': code,
      ...(queryCode ? { 'x-amzn-query-error': `${queryCode};${fault}` } : {}),
    },
    body: { __type: code, message, ...members },
  };
}

function asAwsError(error: unknown): AwsError {
  if (error instanceof AwsError) return error;
  return new AwsError('InternalFailure', `the embedded cloud failed: ${String(error)}`, { status: 500 });
}
