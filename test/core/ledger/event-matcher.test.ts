import { describe, expect, it } from '@jest/globals';
import { eventMatcher } from '#core/ledger/event-matcher.ts';
import type { EventFilter } from '#core/ports.ts';

const EVENT = {
  type: 'request.blocked',
  at: '2026-05-04T10:00:00.000Z',
  app_id: 'support',
  verdict: 'blocked',
  provider: 'openai',
  request_id: 'r1',
  model_requested: 'gpt-4o',
  model_used: 'gpt-4o-2024-11-20',
  policies: [
    { kind: 'prompt-injection', action: 'block', reason: 'override' },
    { kind: 'pii-detector', action: 'allow', reason: 'clean' },
    { kind: 'keyword-filter', action: 'flag', reason: 'term' },
  ],
  error_code: 'policy_blocked',
  subject: 'ab12',
  key_id: 'key_1',
};
const matches = (filter: EventFilter, event: object = EVENT) =>
  eventMatcher(filter, Date.parse)(event as Record<string, unknown>);

describe('a filter of events', () => {
  it('passes everything when nothing is set', () => {
    expect(matches({})).toBe(true);
  });

  it.each<[string, EventFilter, EventFilter]>([
    ['the app', { appId: 'support' }, { appId: 'sales' }],
    ['the verdict', { verdict: 'blocked' }, { verdict: 'allowed' }],
    ['the provider', { provider: 'openai' }, { provider: 'bedrock' }],
    ['the request', { requestId: 'r1' }, { requestId: 'r2' }],
    ['the whole outcome', { outcome: 'request.blocked' }, { outcome: 'request.failed' }],
    ['the short outcome', { outcome: 'blocked' }, { outcome: 'completed' }],
    ['the model asked for', { model: 'gpt-4o' }, { model: 'gpt-4o-mini' }],
    ['the model used', { model: 'gpt-4o-2024-11-20' }, { model: 'gpt-4o-2024' }],
    ['a policy that spoke', { policy: 'prompt-injection' }, { policy: 'pii-detector' }],
    ['the reason of a policy that spoke', { reason: 'override' }, { reason: 'clean' }],
    ['the code of the error', { reason: 'policy_blocked' }, { reason: 'policy_block' }],
    [
      'a reason of that policy',
      { policy: 'prompt-injection', reason: 'override' },
      { policy: 'prompt-injection', reason: 'term' },
    ],
    ['the end user', { subject: 'ab12' }, { subject: 'ab13' }],
    ['the key', { keyId: 'key_1' }, { keyId: 'key_11' }],
    ['the first instant', { from: '2026-05-04T10:00:00.000Z' }, { from: '2026-05-04T10:00:00.001Z' }],
    ['the last instant', { to: '2026-05-04T10:00:00Z' }, { to: '2026-05-04T09:59:59.999Z' }],
    ['a time of another zone', { to: '2026-05-04T12:00:00+02:00' }, { from: '2026-05-04T12:00:01+02:00' }],
  ])('holds for %s', (_, same, other) => {
    expect([matches(same), matches(other)]).toEqual([true, false]);
  });

  it('needs every part', () => {
    expect(matches({ appId: 'support', verdict: 'allowed' })).toBe(false);
  });

  it('does not take the code of the error for what one policy said', () => {
    expect(matches({ policy: 'prompt-injection', reason: 'policy_blocked' })).toBe(false);
  });

  it('does not pass an event whose fields are no fields', () => {
    expect(matches({ policy: 'pii-detector' }, { ...EVENT, policies: 'none' })).toBe(false);
    expect(matches({ from: '2020-01-01T00:00:00Z' }, { ...EVENT, at: 7 })).toBe(false);
  });
});
