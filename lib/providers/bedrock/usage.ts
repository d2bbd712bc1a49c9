import { isObject, type Json, type JsonObject } from '#core/json.ts';
import { memberOf, usageBlock } from '../chat/usage.ts';

/** Converse's usage as OpenAI's block. Thoughts are part of the output and not counted by themselves. */
export function bedrockUsage(usage: Json | undefined): JsonObject | undefined {
  if (!isObject(usage)) return undefined;
  const details = usage['cacheDetails'];
  const ofAnHour = Array.isArray(details)
    ? details.find((detail) => memberOf(detail, 'ttl') === '1h')
    : undefined;
  return usageBlock({
    input: usage['inputTokens'],
    read: usage['cacheReadInputTokens'],
    written: usage['cacheWriteInputTokens'],
    hour: memberOf(ofAnHour, 'inputTokens'),
    output: usage['outputTokens'],
  });
}
