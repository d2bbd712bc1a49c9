import { isObject, type Json, type JsonObject } from '#core/json.ts';
import { memberOf, usageBlock } from '../chat/usage.ts';

/** Anthropic's usage as OpenAI's block. Thoughts are part of the output, named where the model counts them. */
export function anthropicUsage(usage: Json | undefined): JsonObject | undefined {
  if (!isObject(usage)) return undefined;
  return usageBlock({
    input: usage['input_tokens'],
    read: usage['cache_read_input_tokens'],
    written: usage['cache_creation_input_tokens'],
    hour: memberOf(usage['cache_creation'], 'ephemeral_1h_input_tokens'),
    output: usage['output_tokens'],
    reasoning: memberOf(usage['output_tokens_details'], 'thinking_tokens'),
  });
}
