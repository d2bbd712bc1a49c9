import { isObject, type JsonObject } from '#core/json.ts';
import { readJson } from '#core/openai/read-json.ts';
import { ProviderFailure } from './failure.ts';
import { readBytes } from './read-bytes.ts';

/** Longest silence inside an answer where no target says another. */
const IDLE_MS = 60_000;

const LIMITS = { depth: 128, nodes: 4_000_000 };

/** Reads a JSON answer within the limits; throws ProviderFailure `provider_error`, or `provider_timeout` when it stalls. */
export async function readWhole(response: Response, idleMs: number = IDLE_MS): Promise<JsonObject> {
  const text = await readText(response, idleMs);
  try {
    const value = readJson(text, LIMITS);
    if (isObject(value)) return value;
  } catch {
    // Said below: whatever it was, it is not a JSON object.
  }
  throw new ProviderFailure('provider_error', 'The provider answered with something that is not JSON.', {
    status: response.status,
    again: true,
  });
}

async function readText(response: Response, idleMs: number): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  try {
    for await (const chunk of readBytes(response, idleMs)) text += decoder.decode(chunk, { stream: true });
  } catch (cause) {
    if (cause instanceof ProviderFailure && cause.code === 'provider_timeout') throw cause;
    throw new ProviderFailure('provider_error', 'The provider’s answer broke off.', {
      status: response.status,
      again: true,
      cause,
    });
  }
  return text + decoder.decode();
}
