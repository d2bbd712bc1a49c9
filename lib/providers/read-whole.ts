import { isObject, type JsonObject } from '#core/json.ts';
import { readJson } from '#core/openai/read-json.ts';
import { ProviderFailure } from './failure.ts';

/** Most that is read of one provider answer, streamed or not. */
export const MAX_ANSWER_BYTES = 32 * 1024 * 1024;

const LIMITS = { depth: 128, nodes: 4_000_000 };

/** Reads a JSON answer within the limit; throws ProviderFailure `provider_error`. */
export async function readWhole(response: Response): Promise<JsonObject> {
  const text = await readText(response);
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

async function readText(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  try {
    for await (const chunk of response.body ?? []) {
      bytes += chunk.byteLength;
      if (bytes > MAX_ANSWER_BYTES) throw new Error('too large');
      text += decoder.decode(chunk, { stream: true });
    }
  } catch (cause) {
    throw new ProviderFailure('provider_error', 'The provider’s answer broke off.', {
      status: response.status,
      again: true,
      cause,
    });
  }
  return text + decoder.decode();
}
