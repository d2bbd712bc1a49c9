import { createEmitter } from '#core/ledger/chain.ts';
import type { LedgerEvent } from '#core/ledger/event.ts';
import { lostEvent } from '#core/ledger/lost-event.ts';
import type { Origin } from '#core/ledger/origin.ts';
import { plainEvent } from '#core/ledger/plain-event.ts';
import type { Clock, EventSink, Ids } from '#core/ports.ts';
import type { OpenCalls } from './dynamo-open-calls.ts';

export interface SweepPorts {
  readonly calls: OpenCalls;
  readonly events: EventSink;
  readonly ids: Ids;
  readonly clock: Clock;
  readonly origin: Origin;
}

/** Calls taken per run; the rest waits for the next minute. */
const MAX_CALLS = 200;
/** The recorder has this long to close a call before it is sent again. */
const AGAIN_MS = 15 * 60_000;

/** What one run sent to the recorder. */
export interface Sweep {
  /** Final events for calls that were lost. */
  readonly lost: number;
  /** Events that had been stored past the queue. */
  readonly recounted: number;
  /** Acts of operators. */
  readonly acts: number;
}

/** Gives lost calls their final event, and hands stored but uncounted events to the recorder. Ends early while the queue takes nothing. */
export async function sweepCalls(ports: SweepPorts): Promise<Sweep> {
  const { calls, ids, clock, origin } = ports;
  const now = new Date(clock.now()).toISOString();
  const waiting = await calls.uncounted(now, MAX_CALLS);
  const recounted = await sendAll(ports, waiting);
  if (recounted < waiting.length) return { lost: 0, recounted, acts: 0 };

  const intents = await calls.lost(now, MAX_CALLS);
  // Each is a chain of its own: should the true event still arrive first, this one is dropped and no chain has a gap.
  const events = intents.map((intent) =>
    createEmitter(ids.next()).seal(lostEvent(intent, origin, ids.next(), now)),
  );
  return { lost: await sendAll(ports, events), recounted, acts: await sendActs(ports) };
}

async function sendActs({ calls, events, origin }: SweepPorts): Promise<number> {
  let sent = 0;
  for (const { eventId, emitter, facts } of await calls.acts(MAX_CALLS)) {
    const { tier } = await events.send(createEmitter(emitter).seal(plainEvent(origin, eventId, facts)));
    if (tier !== 'queue') break;
    await calls.actSent(eventId);
    sent += 1;
  }
  return sent;
}

/** How many reached the queue. */
async function sendAll({ events, calls, clock }: SweepPorts, list: readonly LedgerEvent[]): Promise<number> {
  let sent = 0;
  for (const event of list) {
    const { tier } = await events.send(event);
    if (tier !== 'queue') break;
    await calls.postpone(event.request_id, new Date(clock.now() + AGAIN_MS).toISOString());
    sent += 1;
  }
  return sent;
}
