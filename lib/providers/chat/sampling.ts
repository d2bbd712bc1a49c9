import { isObject, type Json, type JsonObject } from '#core/json.ts';
import type { TextBlock } from './blocks.ts';
import { cannot } from './cannot.ts';

/** Where the wire needs a limit and the client set none. The same number is reserved (lib/gateway). */
const DEFAULT_MAX_TOKENS = 4096;

export interface Sampling {
  readonly maxTokens: number;
  readonly temperature?: number;
  readonly topP?: number;
  readonly topK?: number;
  readonly stop: readonly string[];
}

/**
 * Limits and randomness of a request. `temperature` is 0–2 at OpenAI and 0–1 here: higher is 1. `top_p` is left out beside a
 * temperature: newer models refuse both together.
 */
export function readSampling(body: JsonObject): Sampling {
  const temperature = number(body['temperature']);
  const topP = number(body['top_p']);
  const topK = number(body['top_k']);
  return {
    maxTokens: number(body['max_completion_tokens'] ?? body['max_tokens']) ?? DEFAULT_MAX_TOKENS,
    ...(temperature === undefined ? {} : { temperature: Math.min(temperature, 1) }),
    ...(topP === undefined || temperature !== undefined ? {} : { topP }),
    ...(topK === undefined ? {} : { topK }),
    stop: readStop(body['stop']),
  };
}

/** Sequences of white space alone are refused by these wires. */
function readStop(stop: Json | undefined): string[] {
  const list = Array.isArray(stop) ? stop : [stop];
  return list.filter((text): text is string => typeof text === 'string' && text.trim() !== '');
}

function number(value: Json | undefined): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

/** The schema the answer must follow, when the client asks for one. */
export function readJsonSchema(body: JsonObject): { name: string; schema: JsonObject } | undefined {
  const format = body['response_format'];
  if (!isObject(format) || format['type'] !== 'json_schema') return undefined;
  const { json_schema } = format;
  const schema = isObject(json_schema) ? (json_schema['schema'] ?? json_schema) : undefined;
  if (!isObject(schema))
    throw cannot('A json_schema without a schema', 'Put it into response_format.json_schema.schema.');
  const name = isObject(json_schema) ? json_schema['name'] : undefined;
  return { name: typeof name === 'string' ? name : 'answer', schema };
}

/** For wires without a mode for any JSON: the instruction that stands for it. */
const ANY_JSON = 'Answer with one valid JSON object and nothing else.';

/** What must be said to the model because the wire has no setting for it. */
export function instructions(body: JsonObject): TextBlock[] {
  const format = body['response_format'];
  return isObject(format) && format['type'] === 'json_object' ? [{ kind: 'text', text: ANY_JSON }] : [];
}

/** Refuses what would silently change the answer; what only tunes it is dropped (docs/providers.md has the table). */
export function refuseUntranslatable(body: JsonObject): void {
  const several = number(body['n']);
  if (several !== undefined && several > 1) throw cannot('"n" above 1', 'Ask several times instead.');
  if (body['logprobs'] === true) throw cannot('"logprobs"', 'Leave it out.');
  const { modalities } = body;
  if (Array.isArray(modalities) && modalities.some((one) => one !== 'text')) {
    throw cannot('"modalities" other than text', 'Leave it out.');
  }
  if (isObject(body['web_search_options'])) throw cannot('"web_search_options"', 'Leave it out.');
}
