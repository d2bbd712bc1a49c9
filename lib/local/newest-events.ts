import { decodeTime } from 'ulid';
import type { JsonObject } from '#core/json.ts';

/** Keeps the newest events of a pass, by event id, each once. */
export interface NewestEvents {
  offer(event: JsonObject): void;
  /** Epoch milliseconds: nothing that was written before can still get in. */
  floor(): number;
  /** Newest first. */
  take(): JsonObject[];
}

/** At most `limit` events; with `before`, only those with an older id. */
export function newestEvents(limit: number, before?: string): NewestEvents {
  let kept = new Map<string, JsonObject>();
  let lowest = '';

  /** Twice the limit is collected before sorting, so that a pass costs one sort per `limit` events. */
  function trim(): void {
    const sorted = [...kept].sort(([a], [b]) => (a < b ? 1 : -1)).slice(0, limit);
    kept = new Map(sorted);
    lowest = kept.size === limit ? (sorted.at(-1)?.[0] ?? '') : '';
  }

  return {
    offer(event) {
      const id = event['event_id'];
      if (typeof id !== 'string' || id <= lowest || (before !== undefined && id >= before)) return;
      kept.set(id, event);
      if (kept.size >= limit * 2) trim();
    },
    floor() {
      if (kept.size >= limit) trim();
      return lowest === '' ? 0 : timeOf(lowest);
    },
    take() {
      trim();
      return [...kept.values()];
    },
  };
}

function timeOf(id: string): number {
  try {
    return decodeTime(id);
  } catch {
    return 0;
  }
}
