import { GatewayError } from '#core/errors.ts';
import { isObject, type Json, type JsonObject } from '#core/json.ts';
import { toMessages } from './responses-input.ts';

/** Fields of `/responses` that a chat completion has under the same name. */
const SAME = [
  'model',
  'stream',
  'user',
  'metadata',
  'temperature',
  'top_p',
  'parallel_tool_calls',
  'service_tier',
  'safety_identifier',
  'prompt_cache_key',
  'prompt_cache_retention',
];

/** Fields that are read below, or that change nothing in an answer which nobody stores. */
const READ = [
  'input',
  'instructions',
  'max_output_tokens',
  'reasoning',
  'text',
  'tools',
  'tool_choice',
  'include',
  'max_tool_calls',
  'stream_options',
];

/** What would make the provider read something that never came by here, and why we do not let it. */
const STATE: Readonly<Record<string, string>> = {
  previous_response_id: 'Earlier turns that the provider keeps cannot be checked. Send them in "input".',
  conversation: 'A conversation that the provider keeps cannot be checked. Send its turns in "input".',
  prompt: 'A prompt that the provider keeps cannot be checked. Send its text in "instructions".',
  context_management: 'The gateway keeps no context. Send the turns you want in "input".',
  background: 'Answers are given on the same connection. Leave "background" out.',
};

/**
 * A stateless request of OpenAI's `/responses` as a chat completion, which every provider has and every policy knows. Throws
 * `invalid_request` for what has no place there, so that nothing is lost unsaid.
 */
export function toChat(request: JsonObject): JsonObject {
  refuseState(request);
  refuseUnknown(request);
  const { input, instructions, max_output_tokens, reasoning, text, tools, tool_choice } = request;
  const same = SAME.filter((name) => request[name] !== undefined);
  const effort = isObject(reasoning) ? reasoning['effort'] : undefined;
  return {
    ...Object.fromEntries(same.map((name) => [name, request[name] ?? null])),
    messages: [...systemMessage(instructions), ...toMessages(input)],
    ...(isSet(max_output_tokens) ? { max_completion_tokens: max_output_tokens } : {}),
    ...(isSet(effort) ? { reasoning_effort: effort } : {}),
    ...textOptions(text),
    ...(isSet(tools) ? { tools: toTools(tools) } : {}),
    ...(isSet(tool_choice) ? { tool_choice: toToolChoice(tool_choice) } : {}),
  };
}

function isSet(value: Json | undefined): value is Json {
  return value !== undefined && value !== null;
}

function refuseState(request: JsonObject): void {
  for (const [param, why] of Object.entries(STATE)) {
    const value = request[param];
    if (isSet(value) && value !== false) throw invalid(`"${param}" is not accepted here. ${why}`, param);
  }
}

function refuseUnknown(request: JsonObject): void {
  const known = [...SAME, ...READ, ...Object.keys(STATE), 'truncation'];
  const unknown = Object.keys(request).find((key) => !known.includes(key) && isSet(request[key]));
  if (unknown !== undefined) {
    const shown = /^[a-z_]{1,40}$/.test(unknown) ? `"${unknown}"` : 'A field of the request';
    throw invalid(`${shown} is not supported on this route.`, shown.startsWith('"') ? unknown : undefined);
  }
  if (request['truncation'] === 'auto') {
    throw invalid('"truncation" must be "disabled": nothing of a request is left out.', 'truncation');
  }
}

function systemMessage(instructions: Json | undefined): JsonObject[] {
  if (!isSet(instructions) || instructions === '') return [];
  if (typeof instructions !== 'string') throw invalid('"instructions" must be a text.', 'instructions');
  return [{ role: 'system', content: instructions }];
}

function textOptions(text: Json | undefined): JsonObject {
  if (!isObject(text)) return {};
  const { format, verbosity } = text;
  return {
    ...(isObject(format) && format['type'] !== 'text' ? { response_format: toFormat(format) } : {}),
    ...(isSet(verbosity) ? { verbosity } : {}),
  };
}

function toFormat({ type = null, ...schema }: JsonObject): JsonObject {
  if (type === 'json_schema') return { type, json_schema: schema };
  if (type === 'json_object') return { type };
  throw invalid('"text.format" must be of the type "text", "json_object" or "json_schema".', 'text');
}

function toTools(tools: Json): Json[] {
  if (!Array.isArray(tools)) throw invalid('"tools" must be a list.', 'tools');
  return tools.map((tool) => {
    if (!isObject(tool) || tool['type'] !== 'function') {
      throw invalid(
        'Only tools of the type "function" are supported: what a built-in tool reads at the provider cannot be checked.',
        'tools',
      );
    }
    const { type, ...fn } = tool;
    return { type, function: fn };
  });
}

function toToolChoice(choice: Json): Json {
  if (choice === 'none' || choice === 'auto' || choice === 'required') return choice;
  if (isObject(choice) && choice['type'] === 'function' && typeof choice['name'] === 'string') {
    return { type: 'function', function: { name: choice['name'] } };
  }
  throw invalid('"tool_choice" must be "none", "auto", "required" or name a function.', 'tool_choice');
}

function invalid(message: string, param?: string): GatewayError {
  return new GatewayError('invalid_request', message, param === undefined ? {} : { param });
}
