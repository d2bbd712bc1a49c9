import type { DurableMap } from '../durable-map.ts';
import { Queue, type Receipts, type StoredMessage } from './queue.ts';
import type { QueueAttributes } from './queue-attributes.ts';

/** A queue as stored. */
export interface StoredQueue {
  readonly attributes: QueueAttributes;
  readonly tags: Readonly<Record<string, string>>;
  readonly createdAt: number;
}

/** One journal for all queues: `queue:<name>`, `message:<id>` and `receipts:<id>`. */
export type QueueJournal = DurableMap<StoredQueue | StoredMessage | Receipts>;

/** All queues with their messages in order of arrival, and the last order given out. */
export function loadQueues(journal: QueueJournal): { queues: Map<string, Queue>; order: number } {
  const queues = new Map<string, Queue>();
  const messages: StoredMessage[] = [];
  for (const [key, value] of journal.entries()) {
    if (key.startsWith('message:')) messages.push(value as StoredMessage);
    if (!key.startsWith('queue:')) continue;
    const { attributes, createdAt } = value as StoredQueue;
    const name = key.slice('queue:'.length);
    queues.set(name, new Queue(name, attributes, createdAt));
  }
  messages.sort((a, b) => a.order - b.order);
  for (const message of messages) {
    const receipts = journal.get(`receipts:${message.id}`) as Receipts | undefined;
    queues.get(message.queue)?.add(message, receipts);
  }
  return { queues, order: messages.at(-1)?.order ?? 0 };
}
