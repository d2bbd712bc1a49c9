import { isObject, type JsonObject } from '#core/json.ts';
import { broken } from './read-bytes.ts';
import { DONE, readFrames } from './read-frames.ts';

/** The chunks of an OpenAI stream until `[DONE]`. Throws ProviderFailure when it carries an error or ends before it is finished. */
export async function* readChunks(response: Response, idleMs: number): AsyncGenerator<JsonObject> {
  let finished = false;
  for await (const chunk of readFrames(response, idleMs)) {
    if (chunk === DONE) return;
    if (chunk['error']) throw broken('The provider reported an error in its stream.');
    finished ||= isFinish(chunk);
    yield chunk;
  }
  if (!finished) throw broken('The provider’s stream broke off.');
}

function isFinish(chunk: JsonObject): boolean {
  const choices = chunk['choices'];
  return (
    Array.isArray(choices) &&
    choices.some((choice) => isObject(choice) && typeof choice['finish_reason'] === 'string')
  );
}
