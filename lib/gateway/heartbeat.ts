/** Silence after which a client is told that its call is alive. */
export const HEARTBEAT_MS = 15_000;

/** What `withHeartbeat` yields when nothing else came for a while. */
export const IDLE = Symbol('idle');

/** The items of a source, with IDLE after every `ms` milliseconds of silence. Closes the source when the consumer stops. */
export async function* withHeartbeat<T>(
  source: AsyncIterable<T>,
  ms: number,
): AsyncGenerator<T | typeof IDLE> {
  const iterator = source[Symbol.asyncIterator]();
  let pending: Promise<IteratorResult<T>> | undefined;
  try {
    for (;;) {
      pending ??= iterator.next();
      const result = await within(pending, ms);
      if (result === IDLE) {
        yield IDLE;
        continue;
      }
      pending = undefined;
      if (result.done) return;
      yield result.value;
    }
  } finally {
    // A source that still waits for its provider must not hold up the end; its own abort signal stops it.
    pending?.catch(() => undefined);
    void iterator.return?.().catch(() => undefined);
  }
}

/** One item: what the work came to. */
export async function* resultOf<T>(work: Promise<T>): AsyncGenerator<T, void, void> {
  yield await work;
}

async function within<T>(promise: Promise<T>, ms: number): Promise<T | typeof IDLE> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const idle = new Promise<typeof IDLE>((resolve) => {
    timer = setTimeout(() => resolve(IDLE), ms);
  });
  try {
    return await Promise.race([promise, idle]);
  } finally {
    clearTimeout(timer);
  }
}
