import { useCallback, useEffect, useState } from 'preact/hooks';
import { ApiError } from './api.ts';

/** What a view knows while it asks again and again: the last good data stays while a later try fails. */
export interface Polled<T> {
  readonly data?: T;
  readonly error?: ApiError;
  /** Asks now, outside the rhythm. */
  readonly again: () => void;
}

const SLOWEST = 30_000;

/**
 * Calls `load` now and `every` milliseconds after each answer, while the tab is visible; failures double the pause up to
 * 30 s. `load` must be stable (useCallback): a new one starts over.
 */
export function usePoll<T>(load: (signal: AbortSignal) => Promise<T>, every: number): Polled<T> {
  const [state, setState] = useState<{ data?: T; error?: ApiError }>({});
  const [round, setRound] = useState(0);
  const again = useCallback(() => setRound((count) => count + 1), []);

  useEffect(() => {
    const stop = new AbortController();
    void loop(load, every, stop.signal, setState);
    return () => stop.abort();
  }, [load, every, round]);
  useEffect(() => setState({}), [load]);

  return { ...state, again };
}

async function loop<T>(
  load: (signal: AbortSignal) => Promise<T>,
  every: number,
  stop: AbortSignal,
  set: (update: (old: { data?: T; error?: ApiError }) => { data?: T; error?: ApiError }) => void,
): Promise<void> {
  let pause = every;
  while (!stop.aborted) {
    const result = document.hidden ? undefined : await attempt(load, stop);
    if (stop.aborted) return;
    if (result) set((old) => ('data' in result ? result : { ...old, ...result }));
    pause = result && 'error' in result ? Math.min(pause * 2, SLOWEST) : every;
    await wait(pause, stop);
  }
}

async function attempt<T>(load: (signal: AbortSignal) => Promise<T>, stop: AbortSignal) {
  try {
    return { data: await load(stop) };
  } catch (error) {
    return { error: error instanceof ApiError ? error : new ApiError(0, 'page_error', String(error)) };
  }
}

function wait(milliseconds: number, stop: AbortSignal): Promise<void> {
  return new Promise((done) => {
    const timer = setTimeout(done, milliseconds);
    stop.addEventListener('abort', () => {
      clearTimeout(timer);
      done();
    });
  });
}
