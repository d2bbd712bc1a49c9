import { NO_USAGE } from '#core/cost/usage.ts';
import type { UnsealedEvent } from '#core/ledger/event.ts';

/** An allowed call of app `default`; `parts` replace what a test cares about. */
export function sampleEvent(parts: Partial<UnsealedEvent>): UnsealedEvent {
  const at = parts.at ?? new Date().toISOString();
  return {
    schema: 1,
    event_id: '01K00000000000000000000000',
    request_id: 'r1',
    type: 'request.completed',
    environment: 'standalone',
    at,
    ended_at: at,
    app_id: 'default',
    key_id: 'key_1',
    auth: 'app_key',
    route: '/chat/completions',
    stream: false,
    model_requested: 'gpt-4o',
    provider: 'openai',
    attempts: [],
    gateway_version: '0.1.0',
    pack: 'dify-gateway@1.0',
    pack_hash: 'p',
    verdict: 'allowed',
    policies: [],
    unscanned_parts: [],
    http_status: 200,
    complete: true,
    chars_in: 4,
    chars_out: 4,
    validation: false,
    usage: NO_USAGE,
    cost: { micros: 1500, price_table: 't' },
    cost_tags: {},
    ...parts,
  };
}
