import { isObject, type JsonObject } from '#core/json.ts';
import { broken } from './read-bytes.ts';
import { DONE, readFrames } from './read-frames.ts';

/** The chunks of an OpenAI stream until `[DONE]`. Throws ProviderFailure when it carries an error or ends before it is finished. */
export async function* readChunks(response: Response, idleMs: number): AsyncGenerator<JsonObject> {
  /** Choice → it said why it ended. */
  const choices = new Map<unknown, boolean>();
  for await (const chunk of readFrames(response, idleMs)) {
    if (chunk === DONE) return;
    if (chunk['error']) throw broken('The provider reported an error in its stream.');
    noteFinish(chunk, choices);
    yield chunk;
  }
  // Without `[DONE]` every choice must have ended by itself.
  if (choices.size === 0 || [...choices.values()].includes(false)) {
    throw broken('The provider’s stream broke off.');
  }
}

function noteFinish({ choices }: JsonObject, seen: Map<unknown, boolean>): void {
  for (const choice of Array.isArray(choices) ? choices : []) {
    if (!isObject(choice)) continue;
    const index = choice['index'] ?? 0;
    seen.set(index, seen.get(index) === true || typeof choice['finish_reason'] === 'string');
  }
}
