/** A failure inside an execution, as Retry and Catch see it: an error name and a cause. */
export class StateError extends Error {
  override readonly name = 'StateError';
  readonly error: string;
  readonly reason: string;

  constructor(error: string, cause: string) {
    super(`${error}: ${cause}`);
    this.error = error;
    this.reason = cause;
  }
}

/** Errors that no wildcard may swallow. */
const UNCATCHABLE = ['States.Runtime', 'States.DataLimitExceeded'];
const TIMEOUTS = ['States.Timeout', 'States.HeartbeatTimeout'];

/** Whether a retrier's or catcher's ErrorEquals takes this error (Amazon States Language, "Errors"). */
export function matchesError(names: readonly string[], error: string): boolean {
  return names.some((name) => {
    if (name === error) return true;
    if (name === 'States.Timeout') return TIMEOUTS.includes(error);
    if (UNCATCHABLE.includes(error)) return false;
    return name === 'States.ALL' || (name === 'States.TaskFailed' && !TIMEOUTS.includes(error));
  });
}
