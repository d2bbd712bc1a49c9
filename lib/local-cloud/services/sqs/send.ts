import * as z from 'zod';
import { AwsError } from '../aws-error.ts';
import { type Operation, operation } from '../operation.ts';
import { checkBatch, eachEntry } from './batch.ts';
import {
  digestOfAttributes,
  digestOfBody,
  MessageAttribute,
  type MessageAttributes,
  sizeOfMessage,
} from './message-digest.ts';
import type { StoredMessage } from './queue.ts';
import { numberOf, type QueueAttributes } from './queue-attributes.ts';
import { queueName } from './queue-name.ts';
import type { NewMessage, Queues } from './queues.ts';

const MAX_BATCH_BYTES = 1_048_576;
/** SQS takes the characters of XML 1.0 only. */
const FORBIDDEN = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;

const attributes = z.record(z.string(), MessageAttribute);
const message = {
  MessageBody: z.string().min(1),
  DelaySeconds: z.number().int().min(0).max(900).optional(),
  MessageAttributes: attributes.default({}),
  MessageSystemAttributes: attributes.default({}),
  MessageGroupId: z.string().max(128).optional(),
};
const Send = z.object({ QueueUrl: z.string(), ...message });
const SendBatch = z.object({
  QueueUrl: z.string(),
  Entries: z.array(z.object({ Id: z.string().min(1).max(80), ...message })),
});
type Draft = Omit<z.output<typeof Send>, 'QueueUrl'>;

/** SendMessage and SendMessageBatch. An answer means the message is durable. */
export function sendOperations(queues: Queues): Record<string, Operation> {
  const send = async (name: string, draft: Draft): Promise<object> => {
    const [stored] = await queues.send(name, [accept(queues.find(name).attributes, draft)]);
    return stored ? receiptOf(stored) : {};
  };
  return {
    SendMessage: operation(Send, ({ QueueUrl, ...draft }) => send(queueName(QueueUrl), draft)),
    SendMessageBatch: operation(SendBatch, ({ QueueUrl, Entries }) => {
      checkBatch(Entries);
      const size = Entries.reduce(
        (sum, entry) => sum + sizeOfMessage(entry.MessageBody, entry.MessageAttributes),
        0,
      );
      if (size > MAX_BATCH_BYTES) {
        throw new AwsError(
          'BatchRequestTooLong',
          `A batch ends at ${MAX_BATCH_BYTES} bytes, this one has ${size}.`,
        );
      }
      return eachEntry(Entries, (entry) => send(queueName(QueueUrl), entry));
    }),
  };
}

function accept(queue: QueueAttributes, draft: Draft): NewMessage {
  const { MessageBody: body, MessageAttributes, MessageSystemAttributes } = draft;
  const max = numberOf(queue, 'MaximumMessageSize');
  if (sizeOfMessage(body, MessageAttributes) > max) {
    throw new AwsError(
      'InvalidParameterValue',
      `One or more parameters are invalid. Reason: Message must be shorter than ${max} bytes.`,
    );
  }
  if (FORBIDDEN.test(body)) {
    throw new AwsError('InvalidMessageContents', 'The message holds characters that SQS does not carry.');
  }
  checkAttributeValues(MessageAttributes);
  return {
    body,
    attributes: MessageAttributes,
    delayMs: (draft.DelaySeconds ?? numberOf(queue, 'DelaySeconds')) * 1000,
    groupId: draft.MessageGroupId,
    traceHeader: MessageSystemAttributes['AWSTraceHeader']?.StringValue,
  };
}

function checkAttributeValues(values: MessageAttributes): void {
  const names = Object.keys(values);
  if (names.length > 10) throw new AwsError('InvalidParameterValue', 'A message has at most 10 attributes.');
  for (const name of names) {
    const { StringValue, BinaryValue } = values[name] ?? {};
    if (!StringValue && !BinaryValue) {
      throw new AwsError(
        'InvalidParameterValue',
        `The message attribute '${name}' must contain a non-empty value.`,
      );
    }
  }
}

function receiptOf(stored: StoredMessage): object {
  const names = Object.keys(stored.attributes);
  return {
    MessageId: stored.id,
    MD5OfMessageBody: digestOfBody(stored.body),
    ...(names.length === 0 ? {} : { MD5OfMessageAttributes: digestOfAttributes(stored.attributes) }),
  };
}
