import { ulid } from 'ulid';
import { NO_USAGE, QUANTITIES, type UsageRow } from '#core/cost/usage.ts';
import { createEmitter } from '#core/ledger/chain.ts';
import type { LedgerEvent, UnsealedEvent } from '#core/ledger/event.ts';
import type { Intent } from '#core/ports.ts';
import type { ReviewCase } from '#core/review/case.ts';

/** A whole event of an allowed call, now; the first of an emitter of its own. */
export function sampleEvent(over: Partial<UnsealedEvent> = {}): LedgerEvent {
  const at = new Date().toISOString();
  return createEmitter(ulid()).seal({
    schema: 1,
    event_id: ulid(),
    request_id: ulid(),
    type: 'request.completed',
    environment: 'test',
    at,
    ended_at: at,
    app_id: 'support',
    key_id: 'key_1',
    auth: 'app_key',
    route: '/v1/chat/completions',
    stream: true,
    model_requested: 'gpt-4o-mini',
    model_used: 'gpt-4o-mini-2024-07-18',
    provider: 'openai',
    attempts: [{ target: 'openai-1', status: 200, ms: 412 }],
    gateway_version: '0.1.0',
    pack: 'dify@1',
    pack_hash: 'f'.repeat(64),
    verdict: 'allowed',
    policies: [],
    unscanned_parts: [],
    http_status: 200,
    finish_reason: 'stop',
    complete: true,
    chars_in: 120,
    chars_out: 340,
    validation: false,
    usage: { ...NO_USAGE, input: 30, cached_input: 2, output: 85, reasoning: 5, source: 'provider' },
    cost: { micros: 61, price_table: 'test' },
    cost_tags: { app: 'support', env: 'test' },
    ...over,
  });
}

/** A daily row; its tokens are of the plain classes unless `quantities` says otherwise. */
export function sampleRow(over: Partial<UsageRow> = {}): UsageRow {
  const { input = 1, output = 2 } = over;
  const none = Object.fromEntries(QUANTITIES.map((name) => [name, 0])) as UsageRow['quantities'];
  return {
    appId: 'support',
    day: '2026-11-23',
    model: 'm',
    calls: 1,
    blocked: 0,
    input,
    output,
    quantities: { ...none, input, output },
    costMicros: 3,
    unpriced: 0,
    ...over,
  };
}

export function sampleIntent(over: Partial<Intent> = {}): Intent {
  const now = Date.now();
  return {
    requestId: ulid(),
    appId: 'support',
    keyId: 'key_1',
    emitter: ulid(),
    seq: 0,
    at: new Date(now).toISOString(),
    deadline: new Date(now + 60_000).toISOString(),
    model: 'gpt-4o-mini',
    provider: 'openai',
    environment: 'test',
    worstCaseMicros: 5000,
    ...over,
  };
}

export function sampleCase(over: Partial<ReviewCase> = {}): ReviewCase {
  const now = Date.now();
  return {
    id: ulid(),
    appId: 'support',
    keyId: 'key_1',
    requestHash: 'a'.repeat(64),
    packHash: 'f'.repeat(64),
    model: 'gpt-4o-mini',
    state: 'open',
    openedAt: new Date(now).toISOString(),
    dueAt: new Date(now + 3_600_000).toISOString(),
    onTimeout: 'reject',
    rules: ['oversight.medical'],
    answer: 'Take two a day.',
    ...over,
  };
}
