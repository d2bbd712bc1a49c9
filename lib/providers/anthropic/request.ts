import type { JsonObject } from '#core/json.ts';
import type { TextBlock } from '../chat/blocks.ts';
import { readConversation } from '../chat/conversation.ts';
import {
  instructions,
  readJsonSchema,
  readSampling,
  refuseUntranslatable,
  type Sampling,
} from '../chat/sampling.ts';
import { isForced, readTools, type Tool, type Tools, usedTools } from '../chat/tools.ts';
import type { ProviderCall } from '../provider.ts';
import { toContent, toMessages } from './blocks.ts';
import { inToolLoop, thinkingOf } from './thinking.ts';

/** A chat request in the words of the Messages API. Throws ProviderFailure `invalid_request` for what has no place there. */
export function messagesRequest(call: ProviderCall): { body: JsonObject; legacy: boolean } {
  const { body, stream, target } = call;
  refuseUntranslatable(body);
  const conversation = readConversation(body);
  const tools = readTools(body);
  const sampling = readSampling(body);
  const { thinking, effort } = thinkingOf(body, {
    model: target.provider_model,
    maxTokens: sampling.maxTokens,
    forced: isForced(tools),
    inToolLoop: inToolLoop(conversation),
  });
  const schema = readJsonSchema(body);
  return {
    legacy: tools?.legacy ?? false,
    body: {
      model: target.provider_model,
      max_tokens: sampling.maxTokens,
      stream,
      messages: toMessages(conversation.turns),
      ...system([...conversation.system, ...instructions(body)]),
      ...offered(tools?.tools ?? usedTools(conversation)),
      ...(tools ? choice(tools) : {}),
      ...(thinking ? { thinking } : {}),
      ...randomness(sampling, thinking !== undefined && thinking['type'] !== 'disabled'),
      ...outputConfig({
        ...(effort ? { effort } : {}),
        ...(schema ? { format: { type: 'json_schema', schema: schema.schema } } : {}),
      }),
      ...(typeof body['user'] === 'string' ? { metadata: { user_id: body['user'].slice(0, 256) } } : {}),
    },
  };
}

function system(blocks: readonly TextBlock[]): JsonObject {
  return blocks.length > 0 ? { system: blocks.map(toContent) } : {};
}

function offered(tools: readonly Tool[]): JsonObject {
  return tools.length > 0 ? { tools: tools.map(toTool) } : {};
}

function toTool({ name, description, schema, strict }: Tool): JsonObject {
  return {
    name,
    ...(description ? { description } : {}),
    input_schema: schema,
    ...(strict ? { strict } : {}),
  };
}

function choice({ choice, parallel }: Tools): JsonObject {
  if (choice === 'none') return { tool_choice: { type: 'none' } };
  const one: JsonObject = parallel ? {} : { disable_parallel_tool_use: true };
  if (choice === 'auto') return parallel ? {} : { tool_choice: { type: 'auto', ...one } };
  if (choice === 'required') return { tool_choice: { type: 'any', ...one } };
  return { tool_choice: { type: 'tool', name: choice.name, ...one } };
}

/** While it thinks, a model takes no other randomness than its own. */
function randomness({ temperature, topP, topK, stop }: Sampling, thinks: boolean): JsonObject {
  return {
    ...(temperature === undefined || thinks ? {} : { temperature }),
    ...(topP === undefined || thinks ? {} : { top_p: topP }),
    ...(topK === undefined || thinks ? {} : { top_k: topK }),
    ...(stop.length > 0 ? { stop_sequences: [...stop] } : {}),
  };
}

function outputConfig(config: JsonObject): JsonObject {
  return Object.keys(config).length > 0 ? { output_config: config } : {};
}
