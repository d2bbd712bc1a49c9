import { setTimeout as sleep } from 'node:timers/promises';
import { EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { ANNOUNCEMENT_SOURCE, type Announcement } from '#core/announce/announcement.ts';
import { wordsOf } from '#core/announce/words.ts';
import type { Announcer } from '#core/ports.ts';

export interface EventBridgeOptions {
  /** Name of the event bus. */
  readonly bus: string;
  readonly client?: EventBridgeClient;
}

/** All tries together. */
const ANNOUNCE_MS = 4000;
const TRIES = 3;
/** What EventBridge says about an entry that it may take the next time. */
const PASSING = new Set(['ThrottlingException', 'InternalFailure', 'InternalException']);

/** Announcements on an event bus of Amazon EventBridge: `source` keeptrusts, `detail-type` as the announcement's, words in the detail. */
export function eventBridgeAnnouncer({
  bus,
  client = createEventBridgeClient(),
}: EventBridgeOptions): Announcer {
  return {
    async announce(announcement) {
      const signal = AbortSignal.timeout(ANNOUNCE_MS);
      await put(client, entryOf(bus, announcement), signal);
    },
  };
}

/** A client of its own, for where one process talks to more than one endpoint. */
export function createEventBridgeClient(endpoint?: string): EventBridgeClient {
  return new EventBridgeClient({
    maxAttempts: TRIES,
    requestHandler: { connectionTimeout: 1000, requestTimeout: 2000, throwOnRequestTimeout: true },
    ...(endpoint ? { endpoint } : {}),
  });
}

function entryOf(bus: string, announcement: Announcement): PutEventsRequestEntry {
  const { type, ...facts } = announcement;
  return {
    EventBusName: bus,
    Source: ANNOUNCEMENT_SOURCE,
    DetailType: type,
    Time: new Date(announcement.at),
    Detail: JSON.stringify({ ...facts, ...wordsOf(announcement) }),
  };
}

/** The request may be answered with 200 and the entry refused all the same; the SDK repeats only what has no answer. */
async function put(
  client: EventBridgeClient,
  entry: PutEventsRequestEntry,
  signal: AbortSignal,
): Promise<void> {
  for (let tried = 1; ; tried += 1) {
    const command = new PutEventsCommand({ Entries: [entry] });
    const { FailedEntryCount, Entries } = await client.send(command, { abortSignal: signal });
    if (FailedEntryCount === 0) return;
    const code = Entries?.[0]?.ErrorCode ?? 'no reason given';
    if (tried === TRIES || !PASSING.has(code)) throw new Error(`the event bus did not take it: ${code}`);
    await sleep(Math.random() * 100 * 2 ** tried, undefined, { signal });
  }
}
