import { isObject, type JsonObject } from '#core/json.ts';
import type { Clock, Intent } from '#core/ports.ts';
import { EVENT, INTENT } from './journal-event-sink.ts';
import { readJournal } from './journal-reader.ts';

/** How far back intents are looked for. Deadlines are minutes; a machine may be off over a weekend. */
const LOOK_BACK_MS = 7 * 24 * 60 * 60 * 1000;

/**
 * Calls that were about to reach a provider and left no event: a process was killed. Those whose deadline has passed
 * are `lost`; the others may still be running in another process and are `open`.
 */
export async function lostIntents(
  directory: string,
  clock: Clock,
): Promise<{ lost: Intent[]; open: Intent[] }> {
  const now = clock.now();
  const intents = new Map<string, Intent>();
  const ended = new Set<string>();
  for await (const entry of readJournal(directory, ({ modified }) => modified > now - LOOK_BACK_MS)) {
    if (!('record' in entry)) continue;
    const { kind, intent, event } = entry.record;
    if (kind === INTENT && isIntent(intent)) intents.set(intent.requestId, intent);
    if (kind === EVENT && isObject(event) && endsExchange(event)) ended.add(String(event['request_id']));
  }
  const pending = [...intents.values()].filter(({ requestId }) => !ended.has(requestId));
  const isLost = ({ deadline }: Intent) => Date.parse(deadline) <= now;
  return { lost: pending.filter(isLost), open: pending.filter((intent) => !isLost(intent)) };
}

/** Review and key events carry the request id of a call as well; they do not end it. */
function endsExchange({ type }: JsonObject): boolean {
  return typeof type === 'string' && type.startsWith('request.');
}

/** The line's checksum holds, so what was written is an intent; only its kind could differ. */
function isIntent(value: unknown): value is Intent & JsonObject {
  return isObject(value) && typeof value['requestId'] === 'string' && typeof value['deadline'] === 'string';
}
