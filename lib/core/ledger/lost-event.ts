import { NO_USAGE } from '#core/cost/usage.ts';
import type { Intent } from '#core/ports.ts';
import { EVENT_SCHEMA, type UnsealedEvent } from './event.ts';
import type { Origin } from './origin.ts';

/** The final event of a call whose gateway never reported back: outcome unknown, charged with the worst case. `now` is ISO time. */
export function lostEvent(intent: Intent, origin: Origin, eventId: string, now: string): UnsealedEvent {
  return {
    schema: EVENT_SCHEMA,
    event_id: eventId,
    request_id: intent.requestId,
    type: 'request.outcome_unknown',
    environment: intent.environment,
    at: intent.at,
    ended_at: now,
    app_id: intent.appId,
    key_id: intent.keyId,
    auth: 'system',
    route: 'unknown',
    stream: false,
    model_requested: intent.model,
    provider: intent.provider,
    attempts: [],
    gateway_version: origin.version,
    pack: origin.pack,
    pack_hash: origin.packHash,
    verdict: 'none',
    policies: [],
    unscanned_parts: [],
    http_status: 0,
    error_code: 'outcome_unknown',
    complete: false,
    chars_in: 0,
    chars_out: 0,
    validation: false,
    usage: NO_USAGE,
    cost: {
      micros: intent.worstCaseMicros,
      price_table: 'intent',
      reason: 'worst case, the outcome is unknown',
    },
    cost_tags: origin.costTags(intent.appId),
    ...(intent.hold ? { budget: intent.hold } : {}),
    // Explains the gap in the chain of the emitter that was lost.
    detail: `emitter ${intent.emitter} seq ${intent.seq} is lost`,
  };
}
