import { createParser } from 'eventsource-parser';
import { isObject, type JsonObject } from '#core/json.ts';
import { ProviderFailure } from './failure.ts';
import { MAX_ANSWER_BYTES } from './read-whole.ts';

const GARBAGE_IN_A_ROW = 3;
const MAX_FRAME = 4 * 1024 * 1024;

/**
 * The JSON chunks of a provider's event stream, in order, until `[DONE]`. Throws ProviderFailure when the stream stalls, breaks
 * off before it is finished, carries an error, or stops making sense.
 */
export async function* readChunks(response: Response, idleMs: number): AsyncGenerator<JsonObject> {
  const frames: string[] = [];
  const parser = createParser({ onEvent: (event) => frames.push(event.data) });
  const decoder = new TextDecoder();
  const progress = { finished: false, garbage: 0, bytes: 0, pending: 0 };

  for await (const bytes of withIdleLimit(response, idleMs)) {
    const before = frames.length;
    parser.feed(decoder.decode(bytes, { stream: true }));
    progress.bytes += bytes.byteLength;
    progress.pending = frames.length > before ? 0 : progress.pending + bytes.byteLength;
    if (progress.bytes > MAX_ANSWER_BYTES || progress.pending > MAX_FRAME)
      throw broken('The provider sent too much.');
    for (const data of frames.splice(0)) {
      if (data === '[DONE]') return;
      const chunk = readFrame(data, progress);
      if (chunk) yield chunk;
    }
  }
  if (!progress.finished) throw broken('The provider’s stream broke off.');
}

function readFrame(data: string, progress: { finished: boolean; garbage: number }): JsonObject | undefined {
  const chunk = parse(data);
  if (!chunk) {
    progress.garbage += 1;
    if (progress.garbage >= GARBAGE_IN_A_ROW) throw broken('The provider’s stream is not readable.');
    return undefined;
  }
  progress.garbage = 0;
  if (chunk['error']) throw broken('The provider reported an error in its stream.');
  if (isFinish(chunk)) progress.finished = true;
  return chunk;
}

function parse(data: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(data);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isFinish(chunk: JsonObject): boolean {
  const choices = chunk['choices'];
  return (
    Array.isArray(choices) &&
    choices.some((choice) => isObject(choice) && typeof choice['finish_reason'] === 'string')
  );
}

function broken(message: string, cause?: unknown): ProviderFailure {
  return new ProviderFailure('provider_error', message, { status: 200, cause });
}

async function* withIdleLimit(response: Response, idleMs: number): AsyncGenerator<Uint8Array> {
  const reader = response.body?.getReader();
  if (!reader) return;
  try {
    for (;;) {
      const { done, value } = await readWithin(reader, idleMs);
      if (done) return;
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
