/** More runs only serve a busy machine: the first one under the limit ends it. */
const MOST_RUNS = 8;

/** Milliseconds of processor time of the cheapest run, tried again while it is not under `limit`: what else the machine does must not count. */
export function leastCost(run: () => unknown, limit: number): number {
  let least = Number.POSITIVE_INFINITY;
  for (let runs = 0; runs < MOST_RUNS && least >= limit; runs += 1) {
    const before = process.threadCpuUsage();
    run();
    const { user, system } = process.threadCpuUsage(before);
    least = Math.min(least, (user + system) / 1000);
  }
  return least;
}
