import { isObject, type Json, type JsonObject } from '#core/json.ts';

/**
 * Anthropic's usage as OpenAI's block. Here the classes are disjoint to begin with; OpenAI's prompt holds all of them. Thoughts are
 * part of the output, named where the model counts them.
 */
export function anthropicUsage(usage: Json | undefined): JsonObject | undefined {
  if (!isObject(usage)) return undefined;
  const read = count(usage['cache_read_input_tokens']);
  const written = count(usage['cache_creation_input_tokens']);
  const hour = Math.min(written, detail(usage['cache_creation'], 'ephemeral_1h_input_tokens'));
  const prompt = count(usage['input_tokens']) + read + written;
  const completion = count(usage['output_tokens']);
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    prompt_tokens_details: {
      cached_tokens: read,
      cache_write_tokens: written - hour,
      cache_write_1h_tokens: hour,
    },
    completion_tokens_details: {
      reasoning_tokens: detail(usage['output_tokens_details'], 'thinking_tokens'),
    },
  };
}

function detail(block: Json | undefined, name: string): number {
  return isObject(block) ? count(block[name]) : 0;
}

function count(value: Json | undefined): number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : 0;
}
