import { ProviderFailure } from './failure.ts';

/** Most that is read of one provider answer, streamed or not. */
const MAX_ANSWER_BYTES = 32 * 1024 * 1024;

/**
 * The bytes of an answer as they come, at most 32 MB. Throws ProviderFailure when the provider stalls, breaks off or sends more.
 */
export async function* readBytes(response: Response, idleMs: number): AsyncGenerator<Uint8Array> {
  const reader = response.body?.getReader();
  if (!reader) return;
  let size = 0;
  try {
    for (;;) {
      const { done, value } = await readWithin(reader, idleMs);
      if (done) return;
      size += value.byteLength;
      if (size > MAX_ANSWER_BYTES) throw broken('The provider sent too much.');
      yield value;
    }
  } finally {
    // Also when the consumer stops early: the provider must not keep generating.
    await reader.cancel().catch(() => undefined);
  }
}

async function readWithin(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  idleMs: number,
): Promise<{ done: true; value?: undefined } | { done: false; value: Uint8Array }> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stalled = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () =>
        reject(new ProviderFailure('provider_timeout', 'The provider stopped answering.', { status: 200 })),
      idleMs,
    );
  });
  try {
    const result = await Promise.race([reader.read(), stalled]);
    return result.done ? { done: true } : { done: false, value: result.value };
  } catch (cause) {
    if (cause instanceof ProviderFailure) throw cause;
    throw broken('The provider’s stream broke off.', cause);
  } finally {
    clearTimeout(timer);
  }
}

/** An answer that began well and did not go on so. */
export function broken(message: string, cause?: unknown): ProviderFailure {
  return new ProviderFailure('provider_error', message, { status: 200, cause });
}
