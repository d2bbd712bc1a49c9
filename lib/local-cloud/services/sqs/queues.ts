import { randomUUID } from 'node:crypto';
import { AwsError } from '../aws-error.ts';
import type { MessageAttributes } from './message-digest.ts';
import { type Delivery, Queue, type StoredMessage } from './queue.ts';
import { numberOf, type QueueAttributes, redriveOf } from './queue-attributes.ts';
import { loadQueues, type QueueJournal, type StoredQueue } from './queue-journal.ts';

export interface NewMessage {
  readonly body: string;
  readonly attributes: MessageAttributes;
  readonly delayMs: number;
  readonly groupId?: string | undefined;
  readonly traceHeader?: string | undefined;
}

/** All queues of the account. A promise resolves when what it did is durable. */
export class Queues {
  readonly #journal: QueueJournal;
  readonly #arnPrefix: string;
  readonly #queues: Map<string, Queue>;
  #order: number;

  constructor(journal: QueueJournal, arnPrefix: string) {
    this.#journal = journal;
    this.#arnPrefix = arnPrefix;
    const loaded = loadQueues(journal);
    this.#queues = loaded.queues;
    this.#order = loaded.order;
  }

  names(): string[] {
    return [...this.#queues.keys()].sort();
  }

  find(name: string): Queue {
    const queue = this.#queues.get(name);
    if (queue) return queue;
    throw new AwsError('QueueDoesNotExist', `The specified queue ${name} does not exist.`);
  }

  arnOf(name: string): string {
    return `${this.#arnPrefix}${name}`;
  }

  byArn(arn: string): Queue {
    return this.find(arn.slice(arn.lastIndexOf(':') + 1));
  }

  async create(
    name: string,
    attributes: QueueAttributes,
    tags: Readonly<Record<string, string>>,
  ): Promise<void> {
    const known = this.#queues.get(name);
    if (known) {
      const different = Object.entries(attributes).some(([key, value]) => known.attributes[key] !== value);
      if (!different) return;
      throw new AwsError(
        'QueueNameExists',
        `A queue ${name} exists with other attributes: use SetQueueAttributes.`,
      );
    }
    const createdAt = Date.now();
    this.#queues.set(name, new Queue(name, attributes, createdAt));
    await this.#journal.put([[`queue:${name}`, { attributes, tags, createdAt }]]);
  }

  async setAttributes(name: string, attributes: QueueAttributes): Promise<void> {
    const queue = this.find(name);
    queue.attributes = { ...queue.attributes, ...attributes };
    const stored = this.#journal.get(`queue:${name}`) as StoredQueue;
    await this.#journal.put([[`queue:${name}`, { ...stored, attributes: queue.attributes }]]);
  }

  async drop(name: string): Promise<void> {
    await this.purge(name);
    this.find(name).wake();
    this.#queues.delete(name);
    await this.#journal.put([[`queue:${name}`, undefined]]);
  }

  async purge(name: string): Promise<void> {
    await this.#forget(
      this.find(name)
        .messages()
        .map((message) => message.id),
      name,
    );
  }

  async send(name: string, messages: readonly NewMessage[]): Promise<StoredMessage[]> {
    const queue = this.find(name);
    const now = Date.now();
    const stored = messages.map((message) => this.#toStored(name, message, now));
    await this.#journal.put(stored.map((message) => [`message:${message.id}`, message]));
    // Only what is durable may be received.
    for (const message of stored) queue.add(message);
    return stored;
  }

  #toStored(queue: string, message: NewMessage, now: number): StoredMessage {
    const { body, attributes, delayMs, groupId, traceHeader } = message;
    this.#order += 1;
    return {
      ...{ id: randomUUID(), queue, order: this.#order, body, attributes },
      ...{ sentAt: now, availableAt: now + delayMs },
      ...(groupId === undefined ? {} : { groupId }),
      ...(traceHeader === undefined ? {} : { traceHeader }),
    };
  }

  /** Leases messages, waiting until `deadline` (epoch milliseconds) for the first. */
  async receive(
    name: string,
    max: number,
    visibilityMs: number | undefined,
    deadline: number,
    signal: AbortSignal,
  ): Promise<Delivery[]> {
    for (;;) {
      const queue = this.find(name);
      await this.#retire(queue);
      if (signal.aborted) return [];
      const lease = visibilityMs ?? numberOf(queue.attributes, 'VisibilityTimeout') * 1000;
      const deliveries = queue.lease(max, lease, Date.now());
      await this.#journal.put(
        deliveries.map(({ message, receipts }) => [`receipts:${message.id}`, receipts] as const),
      );
      if (deliveries.length > 0 || Date.now() >= deadline) return deliveries;
      await queue.sleep(deadline, signal);
    }
  }

  /** Takes out what is too old, and moves what was received too often to its dead-letter queue. */
  async #retire(queue: Queue): Promise<void> {
    const now = Date.now();
    const outlived = queue.outlived(now).map((message) => message.id);
    if (outlived.length > 0) await this.#forget(outlived, queue.name);
    const redrive = redriveOf(queue.attributes);
    if (!redrive) return;
    const dead = queue.exhausted(redrive.maxReceiveCount, now);
    const target = redrive.deadLetterTargetArn;
    if (dead.length > 0) await this.move(dead, queue, this.byArn(target), this.arnOf(queue.name));
  }

  /** Moves messages between queues; ids and times of sending stay. */
  async move(messages: readonly StoredMessage[], from: Queue, to: Queue, deadFrom?: string): Promise<void> {
    for (const message of messages) {
      const { deadFrom: _before, ...rest } = message;
      const moved = { ...rest, queue: to.name, ...(deadFrom === undefined ? {} : { deadFrom }) };
      from.remove(message.id);
      to.add(moved);
      await this.#journal.put([
        [`message:${message.id}`, moved],
        [`receipts:${message.id}`, undefined],
      ]);
    }
  }

  /** Deletes by receipt handle; an outdated handle deletes nothing. */
  async delete(name: string, handles: readonly string[]): Promise<void> {
    const queue = this.find(name);
    const current = handles.filter((handle) => queue.leaseOf(handle) !== 'stale');
    await this.#forget(
      current.map((handle) => handle.slice(0, handle.indexOf(':'))),
      name,
    );
  }

  async #forget(ids: readonly string[], name: string): Promise<void> {
    for (const id of ids) this.find(name).remove(id);
    await this.#journal.put(
      ids.flatMap((id) => [[`message:${id}`, undefined] as const, [`receipts:${id}`, undefined] as const]),
    );
  }
}
