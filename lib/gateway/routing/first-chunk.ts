import type { JsonObject } from '#core/json.ts';
import { ProviderFailure } from '#providers/failure.ts';

export interface StreamStart {
  /** Until the first chunk, or it is a timeout. */
  readonly timeoutMs: number;
  /** How long the caller waits here: after that it must tell its client that it is alive. */
  readonly patienceMs: number;
  began(): void;
  /** The stream failed, before its first chunk or after. */
  broke(error: unknown): void;
}

/**
 * Waits for the first chunk of a stream, so that one that fails before it can be asked of another target. Throws what the stream
 * throws, `provider_timeout`, or `provider_error` when it ends without a chunk.
 */
export async function awaitFirstChunk(
  chunks: AsyncIterable<JsonObject>,
  start: StreamStart,
): Promise<AsyncIterable<JsonObject>> {
  const iterator = chunks[Symbol.asyncIterator]();
  const first = within(firstOf(iterator), start.timeoutMs).then((step) => {
    start.began();
    return step;
  });
  // Also when nobody reads the stream any more.
  first.catch(start.broke);
  await Promise.race([first, pause(start.patienceMs)]);
  return rest(first, iterator, start);
}

async function firstOf(iterator: AsyncIterator<JsonObject>): Promise<IteratorResult<JsonObject>> {
  const step = await iterator.next().catch((error: unknown) => {
    throw worthAnotherTry(error);
  });
  if (!step.done) return step;
  throw new ProviderFailure('provider_error', 'The provider’s stream was empty.', {
    status: 200,
    again: true,
  });
}

/** A stream that breaks off is not asked for again, unless nothing of it came. */
function worthAnotherTry(error: unknown): unknown {
  if (!(error instanceof ProviderFailure) || error.code !== 'provider_error') return error;
  const { code, message, status, cause } = error;
  return new ProviderFailure(code, message, { status, again: true, cause });
}

async function* rest(
  first: Promise<IteratorResult<JsonObject>>,
  iterator: AsyncIterator<JsonObject>,
  { broke }: StreamStart,
): AsyncGenerator<JsonObject> {
  try {
    for (let step = await first; !step.done; step = await iterator.next()) yield step.value;
  } catch (error) {
    broke(error);
    throw error;
  } finally {
    // Not awaited: a read that is under way ends with its own limit, or when the call is aborted.
    void iterator.return?.()?.catch(() => undefined);
  }
}

async function within<T>(promise: Promise<T>, ms: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    const failure = new ProviderFailure('provider_timeout', 'The provider did not answer in time.', {
      status: 200,
    });
    timer = setTimeout(() => reject(failure), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref?.();
  });
}
