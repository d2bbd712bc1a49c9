import { expect, test } from '@jest/globals';
import { createEmitter, GENESIS, hashEvent } from '#core/ledger/chain.ts';
import type { UnsealedEvent } from '#core/ledger/event.ts';

const event = { request_id: 'r', type: 'request.completed' } as unknown as UnsealedEvent;

test('each sealed event carries the hash of the one before it', () => {
  const emitter = createEmitter('e1');

  const first = emitter.seal(event);
  const second = emitter.seal(event);

  expect([first.seq, first.prev_hash]).toEqual([0, GENESIS]);
  expect([second.seq, second.prev_hash]).toEqual([1, first.hash]);
});

test('changing one character of a sealed event changes its hash', () => {
  const { hash, ...sealed } = createEmitter('e1').seal(event);

  expect(hashEvent(sealed)).toBe(hash);
  expect(hashEvent({ ...sealed, request_id: 's' })).not.toBe(hash);
});
