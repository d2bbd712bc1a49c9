import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { type QueueMessage, writeMessage } from './queue-message.ts';

/** The two tries of a send; together they end within half a second. */
const TRY_MS = [300, 200];
/** SQS takes 1 MiB since August 2025; the rest is for its own envelope. */
export const MAX_MESSAGE_BYTES = 1_000_000;
const GROUP = /^[A-Za-z0-9-]{1,128}$/;

/** Puts a message into the queue: two tries, 500 ms in all. `appId` makes the queue fair between apps. */
export async function queueSend(
  client: SQSClient,
  queueUrl: string,
  message: QueueMessage,
  appId: string,
): Promise<void> {
  const command = new SendMessageCommand({
    QueueUrl: queueUrl,
    MessageBody: writeMessage(message),
    ...(GROUP.test(appId) ? { MessageGroupId: appId } : {}),
  });
  let failure: unknown;
  for (const ms of TRY_MS) {
    try {
      await client.send(command, { abortSignal: AbortSignal.timeout(ms) });
      return;
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}
