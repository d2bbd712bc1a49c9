import type { Json } from '#core/json.ts';
import type { DurableMap } from '../durable-map.ts';

/** One line of an execution's history, as GetExecutionHistory gives it. */
export interface HistoryEvent {
  readonly id: number;
  readonly previousEventId: number;
  readonly type: string;
  /** Epoch seconds. */
  readonly timestamp: number;
  readonly [details: `${string}EventDetails`]: Json;
}

/** Standard workflows end at 25,000 events. */
const MAX_EVENTS = 25_000;

/** The histories of all executions. */
export class History {
  readonly #stored: DurableMap<HistoryEvent>;
  readonly #events = new Map<string, HistoryEvent[]>();

  constructor(stored: DurableMap<HistoryEvent>) {
    this.#stored = stored;
    for (const [key, event] of stored.entries()) this.of(key.slice(0, key.lastIndexOf('#'))).push(event);
    for (const events of this.#events.values()) events.sort((a, b) => a.id - b.id);
  }

  of(executionArn: string): HistoryEvent[] {
    const events = this.#events.get(executionArn) ?? [];
    this.#events.set(executionArn, events);
    return events;
  }

  isFull(executionArn: string): boolean {
    return this.of(executionArn).length >= MAX_EVENTS;
  }

  /** Appends an event; `details` go under the member that AWS names after the type. */
  async add(executionArn: string, type: string, details: Json): Promise<void> {
    const events = this.of(executionArn);
    const id = events.length + 1;
    const event: HistoryEvent = {
      ...{ id, previousEventId: id - 1, type, timestamp: Date.now() / 1000 },
      [`${detailsName(type)}EventDetails` as const]: details,
    };
    events.push(event);
    await this.#stored.put([[`${executionArn}#${id}`, event]]);
  }

  async forget(executionArn: string): Promise<void> {
    const ids = this.of(executionArn).map((event) => [`${executionArn}#${event.id}`, undefined] as const);
    this.#events.delete(executionArn);
    await this.#stored.put(ids);
  }
}

/** `TaskStateEntered` → `stateEntered`, everything else → its own name in camel case. */
function detailsName(type: string): string {
  const state = /State(Entered|Exited)$/.exec(type)?.[0] ?? type;
  return state.charAt(0).toLowerCase() + state.slice(1);
}
