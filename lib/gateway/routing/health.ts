import type { Routing, Target } from '#core/pack/pack.ts';
import type { Clock, Log, Metrics } from '#core/ports.ts';

/** Calls to a target that its breaker looks back on. */
const WINDOW = 10;
/** Weight of the newest first-byte time in the average. */
const NEWEST = 0.3;
/** Longest that a provider's `Retry-After` keeps its target behind the others. */
const MAX_REST_MS = 60_000;

/** Leave to call a target; says afterwards how that went. */
export interface Permit {
  /** The first byte came after so long. */
  answered(ms: number): void;
  /** The target is to blame; also after `answered`, when its answer broke off. */
  failed(): void;
  /** Nothing was learnt: the client left, or the request was at fault. */
  dropped(): void;
}

/** What an execution environment has learnt about its targets. Shared by all its calls, lost with it. */
export interface Health {
  /** Undefined while the breaker of the target is open, or while another call is its probe. */
  enter(target: Target, routing: Routing, stream: boolean): Permit | undefined;
  /** Milliseconds until an open breaker lets a call through again; 0 = now. */
  retryIn(target: Target): number;
  /** Average time to the first byte in milliseconds; streamed and whole answers apart. Undefined = not called yet. */
  averageMs(target: Target, stream: boolean): number | undefined;
  /** The provider asked for a pause: the target is tried after the others for so long. */
  rest(target: Target, seconds: number): void;
  isResting(target: Target): boolean;
}

interface State {
  /** Newest last; true = failed. */
  outcomes: boolean[];
  /** Set while the breaker is open; past = the next call is a probe. */
  openUntil: number | undefined;
  probing: boolean;
  restsUntil: number;
  readonly averages: Map<boolean, number>;
}

export function createHealth(clock: Clock, log: Log, metrics?: Pick<Metrics, 'set'>): Health {
  const states = new Map<string, State>();

  function stateOf(target: Target): State {
    const key = `${target.id}\0${target.base_url}\0${target.provider_model}`;
    const known = states.get(key);
    if (known) return known;
    const made: State = {
      outcomes: [],
      openUntil: undefined,
      probing: false,
      restsUntil: 0,
      averages: new Map(),
    };
    states.set(key, made);
    return made;
  }

  function learn(target: Target, stream: boolean, ms: number): void {
    const { averages } = stateOf(target);
    const before = averages.get(stream);
    averages.set(stream, before === undefined ? ms : before + NEWEST * (ms - before));
  }

  function note(target: Target, failed: boolean, probe: boolean, { breaker }: Routing): void {
    const state = stateOf(target);
    if (probe) {
      state.probing = false;
      state.outcomes = [];
      if (!failed) {
        state.openUntil = undefined;
        log.info('circuit closed', { target: target.id });
        metrics?.set('keeptrusts_circuit_open', { target: target.id }, 0);
        return;
      }
    }
    state.outcomes = [...state.outcomes, failed].slice(-WINDOW);
    const failures = state.outcomes.filter(Boolean).length;
    // Calls that were under way when it opened change nothing.
    if (!probe && (state.openUntil !== undefined || failures < breaker.failures)) return;
    state.openUntil = clock.now() + breaker.open_seconds * 1000;
    state.outcomes = [];
    metrics?.set('keeptrusts_circuit_open', { target: target.id }, 1);
    log.error('circuit opened', { target: target.id, open_seconds: breaker.open_seconds });
  }

  return {
    enter(target, routing, stream) {
      const state = stateOf(target);
      const probe = state.openUntil !== undefined;
      if (probe && (state.probing || clock.now() < (state.openUntil ?? 0))) return undefined;
      state.probing = probe;
      let probes = probe;
      const settle = (failed: boolean) => {
        note(target, failed, probes, routing);
        probes = false;
      };
      return {
        answered(ms) {
          learn(target, stream, ms);
          settle(false);
        },
        failed() {
          // As slow as it is allowed to be: a target that refuses at once must not look fast.
          learn(target, stream, target.timeout_ms);
          settle(true);
        },
        dropped() {
          if (probes) stateOf(target).probing = false;
          probes = false;
        },
      };
    },
    retryIn: (target) => Math.max(0, (stateOf(target).openUntil ?? 0) - clock.now()),
    averageMs: (target, stream) => stateOf(target).averages.get(stream),
    rest(target, seconds) {
      stateOf(target).restsUntil = clock.now() + Math.min(seconds * 1000, MAX_REST_MS);
    },
    isResting: (target) => clock.now() < stateOf(target).restsUntil,
  };
}
