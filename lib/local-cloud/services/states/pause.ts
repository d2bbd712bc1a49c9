/** Timers end at 2^31 milliseconds; longer waits are taken in turns. */
const LONGEST = 2 ** 30;

/** Thrown where an execution stops because the services close or somebody stops it. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/** Resolves at `until` (epoch milliseconds; Infinity = never) or on `wake`; rejects with Interrupted when `signal` aborts. */
export function pause(
  until: number,
  signal: AbortSignal,
  wake?: (listener: () => void) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let timer: NodeJS.Timeout | undefined;
    const end = (finish: () => void): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      finish();
    };
    const abort = (): void => end(() => reject(new Interrupted()));
    const tick = (): void => {
      const left = until - Date.now();
      if (left <= 0) end(resolve);
      else timer = setTimeout(tick, Math.min(left, LONGEST));
    };
    if (signal.aborted) {
      reject(new Interrupted());
      return;
    }
    signal.addEventListener('abort', abort);
    wake?.(() => end(resolve));
    tick();
  });
}
