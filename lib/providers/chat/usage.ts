import { isObject, type Json, type JsonObject } from '#core/json.ts';

/** Disjoint classes, as Anthropic and Bedrock count them. */
export interface Counted {
  readonly input: Json | undefined;
  readonly read: Json | undefined;
  /** Everything written to a cache; `hour` of it to the one that lives an hour. */
  readonly written: Json | undefined;
  readonly hour: Json | undefined;
  readonly output: Json | undefined;
  readonly reasoning?: Json | undefined;
}

/** As OpenAI's block, where the prompt holds all classes of input and the details say which. */
export function usageBlock(counted: Counted): JsonObject {
  const read = count(counted.read);
  const written = count(counted.written);
  const hour = Math.min(written, count(counted.hour));
  const prompt = count(counted.input) + read + written;
  const completion = count(counted.output);
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    prompt_tokens_details: {
      cached_tokens: read,
      cache_write_tokens: written - hour,
      cache_write_1h_tokens: hour,
    },
    completion_tokens_details: { reasoning_tokens: count(counted.reasoning) },
  };
}

/** A member of an object that may not be there. */
export function memberOf(block: Json | undefined, name: string): Json | undefined {
  return isObject(block) ? block[name] : undefined;
}

function count(value: Json | undefined): number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : 0;
}
