/** A monotonic clock in microseconds, for how long policies take. */
export function nowMicros(): number {
  return performance.now() * 1000;
}
