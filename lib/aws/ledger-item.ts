import type { LedgerEvent } from '#core/ledger/event.ts';
import { fitEvent } from '#core/ledger/fit-event.ts';
import { sha256Hex } from '#core/text/hash.ts';
import { epochSeconds } from './intent-items.ts';

export const SHARDS = 4;
/** DynamoDB takes 400 KB per item; the rest is for the attributes beside the event. */
const MAX_EVENT_BYTES = 360_000;
/** An index key may have 2048 bytes; longer ones are left out of the index, the event stays whole. */
const MAX_INDEX_KEY = 500;

/** `APP#<app>#<yyyy-mm-dd>#<shard>`; the day is that on which the call began. */
export function partitionOf(app: string, day: string, shard: number): string {
  return `APP#${app}#${day}#${shard}`;
}

/** Says that an app has records on a day: `DAY#<yyyy-mm-dd>` / `APP#<app>`. */
export function dayMarker(event: LedgerEvent, retentionDays: number): Record<string, unknown> {
  const day = dayOf(event);
  return {
    pk: `DAY#${day}`,
    sk: `APP#${event.app_id}`,
    app_id: event.app_id,
    expires: expiryOf(event, retentionDays),
  };
}

export function dayOf(event: LedgerEvent): string {
  return event.at.slice(0, 10);
}

/**
 * The stored form of an event: `event` holds its exact JSON (the hash is over that), the other attributes are copies for
 * indexes and ad-hoc queries.
 */
export function ledgerItem(whole: LedgerEvent, retentionDays: number): Record<string, unknown> {
  const event = fitEvent(whole, MAX_EVENT_BYTES);
  const day = dayOf(event);
  const notable = event.verdict !== 'allowed' && event.verdict !== 'none';
  return {
    pk: partitionOf(event.app_id, day, shardOf(event.event_id)),
    sk: event.event_id,
    ...indexKey('request_id', event.request_id),
    ...indexKey('subject', event.subject),
    ...(notable ? { verdict_day: `${event.verdict}#${day}` } : {}),
    expires: expiryOf(event, retentionDays),
    app_id: event.app_id,
    at: event.at,
    type: event.type,
    verdict: event.verdict,
    model: event.model_requested,
    provider: event.provider,
    key_id: event.key_id,
    cost_micros: event.cost.micros,
    emitter: event.emitter,
    seq: event.seq,
    hash: event.hash,
    event: JSON.stringify(event),
  };
}

function shardOf(eventId: string): number {
  return Number.parseInt(sha256Hex(eventId).slice(0, 8), 16) % SHARDS;
}

function expiryOf(event: LedgerEvent, retentionDays: number): number {
  return epochSeconds(Date.parse(event.at), retentionDays);
}

/** Index keys may be neither empty nor long. */
function indexKey(name: string, value: string | undefined): Record<string, string> {
  return value !== undefined && value !== '' && value.length <= MAX_INDEX_KEY ? { [name]: value } : {};
}
