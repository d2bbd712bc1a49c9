import { createParser } from 'eventsource-parser';
import { isObject, type JsonObject } from '#core/json.ts';
import { broken, readBytes } from './read-bytes.ts';

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
  const progress = { finished: false, garbage: 0, pending: 0 };

  for await (const bytes of readBytes(response, idleMs)) {
    const before = frames.length;
    parser.feed(decoder.decode(bytes, { stream: true }));
    progress.pending = frames.length > before ? 0 : progress.pending + bytes.byteLength;
    if (progress.pending > MAX_FRAME) throw broken('The provider sent too much.');
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
