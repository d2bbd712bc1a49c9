import type { Routing, Target } from '#core/pack/pack.ts';
import type { Health } from './health.ts';

/** Share of calls that the strategy `latency` spends on another target than the fastest, to notice when that changes. */
const EXPLORE = 0.1;

/** The order in which the targets of one call are tried. `random` gives numbers from 0 up to 1. */
export function orderTargets(
  targets: readonly Target[],
  { strategy }: Routing,
  health: Health,
  stream: boolean,
  random: () => number,
): Target[] {
  const ordered = BY_STRATEGY[strategy](targets, health, stream, random);
  return [
    ...ordered.filter((target) => !health.isResting(target)),
    ...ordered.filter((target) => health.isResting(target)),
  ];
}

type Order = (targets: readonly Target[], health: Health, stream: boolean, random: () => number) => Target[];

const BY_STRATEGY: Record<Routing['strategy'], Order> = {
  ordered: (targets) => [...targets],
  weighted: (targets, _health, _stream, random) => byWeight(targets, random),
  latency: byLatency,
};

/** A draw without replacement: Efraimidis and Spirakis, "Weighted random sampling with a reservoir", 2006. */
function byWeight(targets: readonly Target[], random: () => number): Target[] {
  const late = ({ weight = 1 }: Target) =>
    weight === 0 ? Number.MAX_VALUE : -Math.log(1 - random()) / weight;
  return targets
    .map((target) => ({ target, late: late(target) }))
    .sort((a, b) => a.late - b.late)
    .map(({ target }) => target);
}

/** Those not measured yet first, in the order of the pack; then the fastest. A cold environment behaves as `ordered`. */
function byLatency(
  targets: readonly Target[],
  health: Health,
  stream: boolean,
  random: () => number,
): Target[] {
  const timed = targets.map((target) => ({ target, ms: health.averageMs(target, stream) ?? -1 }));
  const ordered = timed.sort((a, b) => a.ms - b.ms).map(({ target }) => target);
  if (timed.some(({ ms }) => ms < 0) || random() >= EXPLORE) return ordered;
  const chosen = ordered[1 + Math.floor(random() * (ordered.length - 1))];
  return chosen ? [chosen, ...ordered.filter((target) => target !== chosen)] : ordered;
}
