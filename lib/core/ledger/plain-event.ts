import { NO_USAGE } from '#core/cost/usage.ts';
import type { EventSink, Ids } from '#core/ports.ts';
import type { Emitter } from './chain.ts';
import { EVENT_SCHEMA, type LedgerEvent, type UnsealedEvent } from './event.ts';
import type { Origin } from './origin.ts';
import type { PlainFacts } from './plain-facts.ts';

/** Seals and sends one plain event; resolves with it when it is durable, and throws when it is not: in the log it may be lost. */
export type RecordAct = (facts: PlainFacts) => Promise<LedgerEvent>;

export interface ActPorts {
  readonly ids: Ids;
  readonly events: EventSink;
  readonly emitter: Emitter;
  readonly origin: Origin;
}

/** The ledger's other mouth: for acts of people and of the system, beside the gateway's exchanges. */
export function actRecorder({ ids, events, emitter, origin }: ActPorts): RecordAct {
  return async (facts) => {
    const event = emitter.seal(plainEvent(origin, ids.next(), facts));
    const { tier } = await events.send(event);
    if (tier === 'log') throw new Error(`event ${event.event_id} is in the log only`);
    return event;
  };
}

const BLANK = {
  schema: EVENT_SCHEMA,
  stream: false,
  attempts: [],
  verdict: 'none',
  policies: [],
  unscanned_parts: [],
  http_status: 200,
  complete: true,
  chars_in: 0,
  chars_out: 0,
  validation: false,
  usage: NO_USAGE,
  cost: { micros: 0, price_table: 'none', reason: 'no model call' },
} satisfies Partial<UnsealedEvent>;

/** A whole event about an act: nothing was asked of a provider, so usage and cost are zero with that reason. */
export function plainEvent(origin: Origin, eventId: string, facts: PlainFacts): UnsealedEvent {
  return {
    ...BLANK,
    event_id: eventId,
    at: facts.at,
    ended_at: facts.at,
    request_id: facts.requestId,
    type: facts.type,
    environment: origin.environment,
    app_id: facts.appId,
    key_id: facts.keyId,
    auth: facts.auth,
    route: facts.route,
    model_requested: facts.model ?? '',
    gateway_version: origin.version,
    pack: origin.pack,
    pack_hash: facts.packHash ?? origin.packHash,
    cost_tags: origin.costTags(facts.appId),
    ...(facts.reviewId !== undefined && { review_id: facts.reviewId }),
    ...(facts.reviewer !== undefined && { reviewer: facts.reviewer }),
    ...(facts.detail !== undefined && { detail: facts.detail }),
    ...(facts.export && { export: facts.export }),
  };
}
