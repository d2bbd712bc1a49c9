import { SQSClient } from '@aws-sdk/client-sqs';

let shared: SQSClient | undefined;

/** One SQS client per process. It does not retry: the sender has its own short budget and two places to fall back to. */
export function sqsClient(): SQSClient {
  shared ??= createSqsClient();
  return shared;
}

/** A client of its own, for where one process talks to more than one endpoint. */
export function createSqsClient(endpoint?: string): SQSClient {
  return new SQSClient({
    maxAttempts: 1,
    requestHandler: { connectionTimeout: 1000, requestTimeout: 2000, throwOnRequestTimeout: true },
    ...(endpoint ? { endpoint } : {}),
  });
}
