import { createParser } from 'eventsource-parser';
import { isObject, type JsonObject } from '#core/json.ts';
import { broken, readBytes } from './read-bytes.ts';

const GARBAGE_IN_A_ROW = 3;
const MAX_FRAME = 4 * 1024 * 1024;

export const DONE = '[DONE]';

/**
 * The JSON objects of a provider's event stream, in order, and `[DONE]` where it says so. Throws ProviderFailure when the stream
 * stalls, breaks off or stops making sense.
 */
export async function* readFrames(
  response: Response,
  idleMs: number,
): AsyncGenerator<JsonObject | typeof DONE> {
  const frames: string[] = [];
  const parser = createParser({ onEvent: (event) => frames.push(event.data) });
  const decoder = new TextDecoder();
  let garbage = 0;
  let pending = 0;

  for await (const bytes of readBytes(response, idleMs)) {
    const before = frames.length;
    parser.feed(decoder.decode(bytes, { stream: true }));
    pending = frames.length > before ? 0 : pending + bytes.byteLength;
    if (pending > MAX_FRAME) throw broken('The provider sent too much.');
    for (const data of frames.splice(0)) {
      const frame = data === DONE ? DONE : parse(data);
      garbage = frame ? 0 : garbage + 1;
      if (garbage >= GARBAGE_IN_A_ROW) throw broken('The provider’s stream is not readable.');
      if (frame) yield frame;
    }
  }
}

function parse(data: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(data);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
