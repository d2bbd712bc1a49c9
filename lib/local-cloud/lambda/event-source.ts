import {
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { LambdaInvoker } from '../contract.ts';

export interface EventSourceOptions {
  readonly queueUrl: string;
  readonly queueArn: string;
  readonly functionArn: string;
  readonly region: string;
  /** 1..10. */
  readonly batchSize: number;
  /** The function names the messages it failed on (`ReportBatchItemFailures`). */
  readonly partial: boolean;
  onFailure?(line: string): void;
}

const WAIT_SECONDS = 10;
const PAUSE_AFTER_ERROR_MS = 1000;

/**
 * Moves messages from a queue to a function until it is closed: a batch at a time, deleting what was handled. What was not
 * handled comes back after the queue's visibility timeout and goes to its dead letter queue in the end.
 */
export function openEventSource(
  sqs: SQSClient,
  lambda: LambdaInvoker,
  options: EventSourceOptions,
): { close(): Promise<void> } {
  const stop = new AbortController();
  const running = poll(sqs, lambda, options, stop.signal);
  return {
    async close() {
      stop.abort();
      await running;
    },
  };
}

async function poll(
  sqs: SQSClient,
  lambda: LambdaInvoker,
  options: EventSourceOptions,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      const messages = await receive(sqs, options, signal);
      if (messages.length > 0) await handle(sqs, lambda, options, messages);
    } catch (error) {
      if (signal.aborted) return;
      options.onFailure?.(`event source: ${error instanceof Error ? error.message : String(error)}`);
      await pause(PAUSE_AFTER_ERROR_MS, signal);
    }
  }
}

async function receive(sqs: SQSClient, options: EventSourceOptions, signal: AbortSignal): Promise<Message[]> {
  const command = new ReceiveMessageCommand({
    QueueUrl: options.queueUrl,
    MaxNumberOfMessages: Math.min(10, Math.max(1, options.batchSize)),
    WaitTimeSeconds: WAIT_SECONDS,
    AttributeNames: ['All'],
    MessageSystemAttributeNames: ['All'],
    MessageAttributeNames: ['All'],
  });
  const { Messages = [] } = await sqs.send(command, { abortSignal: signal });
  return Messages;
}

async function handle(
  sqs: SQSClient,
  lambda: LambdaInvoker,
  options: EventSourceOptions,
  messages: readonly Message[],
): Promise<void> {
  const result = await lambda.invoke(options.functionArn, batchEvent(messages, options));
  if (!result.ok) {
    options.onFailure?.(`${options.functionArn}: ${result.errorType}: ${result.errorMessage}`);
    return;
  }
  const failed = options.partial ? failedIds(result.payload, messages) : new Set<string>();
  const done = messages.filter(({ MessageId }) => !failed.has(MessageId ?? ''));
  if (done.length === 0) return;
  await sqs.send(
    new DeleteMessageBatchCommand({
      QueueUrl: options.queueUrl,
      Entries: done.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle })),
    }),
  );
}

/** The event a function receives from a queue. */
function batchEvent(messages: readonly Message[], options: EventSourceOptions): unknown {
  const Records = messages.map((message) => ({
    messageId: message.MessageId,
    receiptHandle: message.ReceiptHandle,
    body: message.Body,
    attributes: message.Attributes ?? {},
    messageAttributes: Object.fromEntries(
      Object.entries(message.MessageAttributes ?? {}).map(([name, value]) => [
        name,
        { dataType: value.DataType, stringValue: value.StringValue },
      ]),
    ),
    md5OfBody: message.MD5OfBody,
    eventSource: 'aws:sqs',
    eventSourceARN: options.queueArn,
    awsRegion: options.region,
  }));
  return { Records };
}

/** An answer that names no message it was given, or nothing readable, fails the whole batch, as on Lambda. */
export function failedIds(payload: unknown, messages: readonly Message[]): Set<string> {
  const ids = messages.map(({ MessageId }) => MessageId ?? '');
  const failures = (payload as { batchItemFailures?: unknown } | null)?.batchItemFailures ?? [];
  if (!Array.isArray(failures)) return new Set(ids);
  const named = failures.map((failure) => (failure as { itemIdentifier?: unknown } | null)?.itemIdentifier);
  if (named.some((id) => typeof id !== 'string' || !ids.includes(id))) return new Set(ids);
  return new Set(named as string[]);
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
