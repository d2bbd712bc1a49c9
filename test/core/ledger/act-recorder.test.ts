import { expect, test } from '@jest/globals';
import { createEmitter } from '#core/ledger/chain.ts';
import { actRecorder } from '#core/ledger/plain-event.ts';
import type { EventSink } from '#core/ports.ts';

type Tier = Awaited<ReturnType<EventSink['send']>>['tier'];

const origin = { environment: 'test', version: '1', pack: 'p@1', packHash: 'h', costTags: () => ({}) };
const facts = {
  at: '2026-11-28T10:00:00.000Z',
  type: 'app.changed',
  requestId: 'app_bot',
  appId: 'bot',
  keyId: '',
  auth: 'console',
  route: '/api/apps/{id}',
} as const;

const recorderTo = (tier: Tier) =>
  actRecorder({
    ids: { next: () => 'e1' },
    events: { send: async () => ({ tier }) },
    emitter: createEmitter('console'),
    origin,
  });

test.each(['queue', 'table', 'journal'] as const)('an act in the %s is recorded', async (tier) => {
  expect(await recorderTo(tier)(facts)).toMatchObject({ event_id: 'e1', type: 'app.changed' });
});

test('an act that only reached the log is not recorded, so that what it is about does not happen', async () => {
  await expect(recorderTo('log')(facts)).rejects.toThrow('in the log only');
});
