import { ProviderFailure } from '#providers/failure.ts';

/**
 * Watches one provider call. `giveUp` is called once when nobody waits for it any more, or it took too long, before it is known how it
 * ended: such a call may be on the bill. The returned function is told that it answered, or with what it failed.
 */
export function watchCall(signal: AbortSignal, giveUp: () => void): (failure?: unknown) => void {
  let known = false;
  const end = (givenUp: boolean) => {
    if (givenUp && !known) giveUp();
    known = true;
  };
  signal.addEventListener('abort', () => end(true), { once: true });
  return (failure) => end(isTimeout(failure));
}

export function isTimeout(error: unknown): boolean {
  return error instanceof ProviderFailure && error.code === 'provider_timeout';
}
