import { randomBytes } from 'node:crypto';
import type { MessageAttributes } from './message-digest.ts';
import { numberOf, type QueueAttributes } from './queue-attributes.ts';

/** What is kept of a message. It never changes but for the queue it lies in. */
export interface StoredMessage {
  readonly id: string;
  readonly queue: string;
  /** Order of arrival over all queues. */
  readonly order: number;
  readonly body: string;
  readonly attributes: MessageAttributes;
  readonly sentAt: number;
  /** Not to be received before (epoch milliseconds). */
  readonly availableAt: number;
  readonly groupId?: string;
  readonly traceHeader?: string;
  /** ARN of the queue it died in. */
  readonly deadFrom?: string;
}

/** How often a message was received. */
export interface Receipts {
  readonly count: number;
  readonly firstAt: number;
}

interface Held {
  readonly message: StoredMessage;
  receipts: Receipts;
  visibleAt: number;
  /** The last receipt handle; older ones delete nothing. */
  handle: string | undefined;
}

export interface Delivery {
  readonly message: StoredMessage;
  readonly receipts: Receipts;
  readonly handle: string;
}

export interface QueueCounts {
  readonly visible: number;
  readonly inFlight: number;
  readonly delayed: number;
}

/**
 * One standard queue in memory, in order of arrival. A restart ends all leases: the consumers that held them died with the
 * process, so their messages can be received at once.
 */
export class Queue {
  readonly name: string;
  readonly createdAt: number;
  attributes: QueueAttributes;
  readonly #held = new Map<string, Held>();
  readonly #sleepers = new Set<() => void>();

  constructor(name: string, attributes: QueueAttributes, createdAt: number) {
    this.name = name;
    this.attributes = attributes;
    this.createdAt = createdAt;
  }

  add(message: StoredMessage, receipts: Receipts = { count: 0, firstAt: 0 }): void {
    this.#held.set(message.id, { message, receipts, visibleAt: message.availableAt, handle: undefined });
    this.wake();
  }

  /** Leases up to `max` messages for `visibilityMs`. */
  lease(max: number, visibilityMs: number, now: number): Delivery[] {
    const deliveries: Delivery[] = [];
    for (const held of this.#held.values()) {
      if (deliveries.length === max) break;
      if (held.visibleAt > now) continue;
      held.visibleAt = now + visibilityMs;
      held.receipts = { count: held.receipts.count + 1, firstAt: held.receipts.firstAt || now };
      held.handle = `${held.message.id}:${randomBytes(12).toString('base64url')}`;
      deliveries.push({ message: held.message, receipts: held.receipts, handle: held.handle });
    }
    return deliveries;
  }

  /** Messages that may be received now and were already received `count` times or more. */
  exhausted(count: number, now: number): StoredMessage[] {
    return [...this.#held.values()]
      .filter((held) => held.visibleAt <= now && held.receipts.count >= count)
      .map((held) => held.message);
  }

  /** Messages older than the retention period. */
  outlived(now: number): StoredMessage[] {
    const keepMs = numberOf(this.attributes, 'MessageRetentionPeriod') * 1000;
    const old: StoredMessage[] = [];
    for (const { message } of this.#held.values()) {
      if (message.sentAt + keepMs < now) old.push(message);
    }
    return old;
  }

  remove(id: string): void {
    this.#held.delete(id);
  }

  messages(): StoredMessage[] {
    return [...this.#held.values()].map((held) => held.message);
  }

  /** `stale` when the message is gone or was received again since. */
  leaseOf(handle: string): 'current' | 'expired' | 'stale' {
    const held = this.#held.get(idOf(handle));
    if (held?.handle !== handle) return 'stale';
    return held.visibleAt > Date.now() ? 'current' : 'expired';
  }

  setVisibleAt(handle: string, at: number): void {
    const held = this.#held.get(idOf(handle));
    if (!held) return;
    held.visibleAt = at;
    this.wake();
  }

  counts(now: number): QueueCounts {
    const counts = { visible: 0, inFlight: 0, delayed: 0 };
    for (const held of this.#held.values()) {
      if (held.visibleAt <= now) counts.visible += 1;
      else if (held.receipts.count === 0 || held.handle === undefined) counts.delayed += 1;
      else counts.inFlight += 1;
    }
    return counts;
  }

  /** Resolves when a message may have become visible, at `until`, or when `signal` aborts. */
  sleep(until: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const now = Date.now();
      let next = until;
      for (const held of this.#held.values()) next = Math.min(next, held.visibleAt);
      const done = (): void => {
        clearTimeout(timer);
        this.#sleepers.delete(done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, Math.max(1, next - now));
      this.#sleepers.add(done);
      signal.addEventListener('abort', done);
    });
  }

  wake(): void {
    for (const done of [...this.#sleepers]) done();
  }
}

/** The id of the message a receipt handle belongs to. */
export function idOf(handle: string): string {
  return handle.slice(0, Math.max(0, handle.indexOf(':')));
}
