import canonicalize from 'canonicalize';
import { sha256Hex } from '#core/text/hash.ts';
import type { LedgerEvent, UnsealedEvent } from './event.ts';

/** The hash before the first event of an emitter. */
export const GENESIS = '0'.repeat(64);

/** Links events of one execution environment: `seal` must be called in the order of the events. */
export interface Emitter {
  readonly id: string;
  /** The sequence number the next sealed event will carry. */
  readonly next: number;
  seal(event: UnsealedEvent): LedgerEvent;
}

export function createEmitter(id: string): Emitter {
  let seq = 0;
  let previous = GENESIS;
  return {
    id,
    get next() {
      return seq;
    },
    seal(event) {
      const linked = { ...event, emitter: id, seq, prev_hash: previous };
      const sealed: LedgerEvent = { ...linked, hash: hashEvent(linked) };
      seq += 1;
      previous = sealed.hash;
      return sealed;
    },
  };
}

/** SHA-256 hex of the canonical JSON of an event without its `hash`. */
export function hashEvent(event: Omit<LedgerEvent, 'hash'>): string {
  return sha256Hex(canonicalize(event) ?? '');
}
