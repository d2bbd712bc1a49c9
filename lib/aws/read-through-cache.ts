import type { Clock } from '#core/ports.ts';

export interface CacheOptions<T> {
  /** Undefined = does not exist. */
  readonly load: (key: string) => Promise<T | undefined>;
  readonly clock: Clock;
  /** How long a value is served without asking again. */
  readonly freshMs: number;
  /** The same for "does not exist". */
  readonly absentMs: number;
  /** How old a value may be when the source fails. */
  readonly staleMs: number;
  /** How long a failing source is left alone while an older value can be served. */
  readonly pauseMs: number;
  /** Keys kept; the one that was loaded longest ago goes first. */
  readonly maxKeys: number;
}

interface Entry<T> {
  readonly value: T | undefined;
  readonly loadedAt: number;
  readonly askedAt: number;
  readonly nextAskAt: number;
}

export interface ReadThroughCache<T> {
  get(key: string): Promise<T | undefined>;
  /** Asks the source, unless that happened less than `quietMs` ago. */
  refresh(key: string, quietMs: number): Promise<T | undefined>;
}

/** Remembers answers of a slow source: one question at a time per key, bounded, and an old answer rather than none. */
export function readThroughCache<T>(options: CacheOptions<T>): ReadThroughCache<T> {
  const { clock, maxKeys } = options;
  const entries = new Map<string, Entry<T>>();
  const asking = new Map<string, Promise<T | undefined>>();

  function keep(key: string, entry: Entry<T>): void {
    entries.delete(key);
    entries.set(key, entry);
    const oldest = entries.keys().next().value;
    if (entries.size > maxKeys && oldest !== undefined) entries.delete(oldest);
  }

  async function ask(key: string): Promise<T | undefined> {
    try {
      const value = await options.load(key);
      const loadedAt = clock.now();
      const fresh = value === undefined ? options.absentMs : options.freshMs;
      keep(key, { value, loadedAt, askedAt: loadedAt, nextAskAt: loadedAt + fresh });
      return value;
    } catch (error) {
      return olderValue(key, error);
    }
  }

  function olderValue(key: string, error: unknown): T {
    const entry = entries.get(key);
    const now = clock.now();
    if (entry?.value === undefined || now - entry.loadedAt > options.staleMs) throw error;
    const last = entry.loadedAt + options.staleMs + 1;
    keep(key, { ...entry, askedAt: now, nextAskAt: Math.min(now + options.pauseMs, last) });
    return entry.value;
  }

  function askOnce(key: string): Promise<T | undefined> {
    const running = asking.get(key);
    if (running) return running;
    const started = ask(key).finally(() => asking.delete(key));
    asking.set(key, started);
    return started;
  }

  return {
    async get(key) {
      const entry = entries.get(key);
      return entry && clock.now() < entry.nextAskAt ? entry.value : askOnce(key);
    },
    async refresh(key, quietMs) {
      const entry = entries.get(key);
      return entry && clock.now() - entry.askedAt < quietMs ? entry.value : askOnce(key);
    },
  };
}
