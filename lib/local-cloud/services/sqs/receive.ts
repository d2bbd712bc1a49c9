import * as z from 'zod';
import { AwsError } from '../aws-error.ts';
import { type Operation, operation } from '../operation.ts';
import { eachEntry } from './batch.ts';
import { digestOfAttributes, digestOfBody, type MessageAttributes } from './message-digest.ts';
import { type Delivery, idOf } from './queue.ts';
import { numberOf } from './queue-attributes.ts';
import { queueName } from './queue-name.ts';
import type { Queues } from './queues.ts';

const names = z.array(z.string()).default([]);
const Receive = z.object({
  QueueUrl: z.string(),
  MaxNumberOfMessages: z.number().int().min(1).max(10).default(1),
  WaitTimeSeconds: z.number().int().min(0).max(20).optional(),
  VisibilityTimeout: z.number().int().min(0).max(43_200).optional(),
  AttributeNames: names,
  MessageSystemAttributeNames: names,
  MessageAttributeNames: names,
});
const Delete = z.object({ QueueUrl: z.string(), ReceiptHandle: z.string() });
const Visibility = Delete.extend({ VisibilityTimeout: z.number().int().min(0).max(43_200) });
const Id = z.string().min(1).max(80);
const DeleteBatch = z.object({
  QueueUrl: z.string(),
  Entries: z.array(Delete.omit({ QueueUrl: true }).extend({ Id })),
});
const VisibilityBatch = z.object({
  QueueUrl: z.string(),
  Entries: z.array(Visibility.omit({ QueueUrl: true }).extend({ Id })),
});

/** ReceiveMessage with long polling, and what a consumer does with its receipt handles. */
export function receiveOperations(queues: Queues, closing: AbortSignal): Record<string, Operation> {
  const remove = async (name: string, handle: string): Promise<object> => {
    checkHandle(handle);
    await queues.delete(name, [handle]);
    return {};
  };
  const change = async (name: string, handle: string, seconds: number): Promise<object> => {
    checkHandle(handle);
    changeVisibility(queues, name, handle, seconds);
    return {};
  };
  return {
    ReceiveMessage: operation(Receive, (input, signal) =>
      receive(queues, input, AbortSignal.any([signal, closing])),
    ),
    DeleteMessage: operation(Delete, (input) => remove(queueName(input.QueueUrl), input.ReceiptHandle)),
    DeleteMessageBatch: operation(DeleteBatch, ({ QueueUrl, Entries }) =>
      eachEntry(Entries, (entry) => remove(queueName(QueueUrl), entry.ReceiptHandle)),
    ),
    ChangeMessageVisibility: operation(Visibility, (input) =>
      change(queueName(input.QueueUrl), input.ReceiptHandle, input.VisibilityTimeout),
    ),
    ChangeMessageVisibilityBatch: operation(VisibilityBatch, ({ QueueUrl, Entries }) =>
      eachEntry(Entries, (entry) =>
        change(queueName(QueueUrl), entry.ReceiptHandle, entry.VisibilityTimeout),
      ),
    ),
  };
}

function checkHandle(handle: string): void {
  if (idOf(handle) === '') {
    throw new AwsError('ReceiptHandleIsInvalid', 'The input receipt handle is invalid.');
  }
}

function changeVisibility(queues: Queues, name: string, handle: string, seconds: number): void {
  const queue = queues.find(name);
  if (queue.leaseOf(handle) !== 'current') {
    throw new AwsError(
      'MessageNotInflight',
      'The message is not in flight: it is visible again or was deleted.',
    );
  }
  queue.setVisibleAt(handle, Date.now() + seconds * 1000);
}

async function receive(
  queues: Queues,
  input: z.output<typeof Receive>,
  signal: AbortSignal,
): Promise<object> {
  const name = queueName(input.QueueUrl);
  const wait =
    input.WaitTimeSeconds ?? numberOf(queues.find(name).attributes, 'ReceiveMessageWaitTimeSeconds');
  const lease = input.VisibilityTimeout === undefined ? undefined : input.VisibilityTimeout * 1000;
  const deadline = Date.now() + wait * 1000;
  const deliveries = await queues.receive(name, input.MaxNumberOfMessages, lease, deadline, signal);
  const system = [...input.AttributeNames, ...input.MessageSystemAttributeNames];
  const Messages = deliveries.map((delivery) => present(delivery, system, input.MessageAttributeNames));
  return Messages.length === 0 ? {} : { Messages };
}

function present(delivery: Delivery, system: readonly string[], wanted: readonly string[]): object {
  const { message, handle } = delivery;
  const all = systemAttributes(delivery);
  const shown = Object.entries(all).filter(([name]) => system.includes('All') || system.includes(name));
  const attributes = select(message.attributes, wanted);
  const some = Object.keys(attributes).length > 0;
  return {
    MessageId: message.id,
    ReceiptHandle: handle,
    Body: message.body,
    MD5OfBody: digestOfBody(message.body),
    ...(shown.length === 0 ? {} : { Attributes: Object.fromEntries(shown) }),
    ...(some
      ? { MessageAttributes: attributes, MD5OfMessageAttributes: digestOfAttributes(attributes) }
      : {}),
  };
}

function systemAttributes({ message, receipts }: Delivery): Record<string, string> {
  return {
    SenderId: 'AIDAEMBEDDED',
    SentTimestamp: String(message.sentAt),
    ApproximateReceiveCount: String(receipts.count),
    ApproximateFirstReceiveTimestamp: String(receipts.firstAt),
    ...(message.groupId === undefined ? {} : { MessageGroupId: message.groupId }),
    ...(message.traceHeader === undefined ? {} : { AWSTraceHeader: message.traceHeader }),
    ...(message.deadFrom === undefined ? {} : { DeadLetterQueueSourceArn: message.deadFrom }),
  };
}

/** `All`, `.*`, an exact name, or a prefix ending in `.*`. */
function select(attributes: MessageAttributes, wanted: readonly string[]): MessageAttributes {
  const matches = (name: string): boolean =>
    wanted.some((want) => {
      if (want === 'All' || want === '.*' || want === name) return true;
      return want.endsWith('.*') && name.startsWith(want.slice(0, -2));
    });
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => matches(name)));
}
