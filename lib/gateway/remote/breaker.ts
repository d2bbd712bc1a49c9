/** So many failures in a row, and a detector is left alone … */
const FAILURES = 5;
/** … for so long; then one call tries it again. */
const PAUSE_MS = 10_000;

/** Keeps a detector that is down from costing every call its whole timeout. */
export interface Breaker {
  /** False: do not ask now. */
  admits(): boolean;
  note(outcome: 'answered' | 'failed'): void;
}

/** One breaker per detector, by name. */
export type Breakers = (name: string) => Breaker;

/** `now` is in milliseconds. */
export function createBreakers(now: () => number): Breakers {
  const known = new Map<string, Breaker>();
  return (name) => {
    const breaker = known.get(name) ?? createBreaker(now);
    known.set(name, breaker);
    return breaker;
  };
}

function createBreaker(now: () => number): Breaker {
  let failures = 0;
  let openUntil = 0;
  return {
    admits() {
      if (failures < FAILURES) return true;
      if (now() < openUntil) return false;
      // The others wait for the one that tries.
      openUntil = now() + PAUSE_MS;
      return true;
    },
    note(outcome) {
      failures = outcome === 'answered' ? 0 : failures + 1;
      if (failures >= FAILURES) openUntil = now() + PAUSE_MS;
    },
  };
}
