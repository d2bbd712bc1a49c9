import type { JsonObject } from '#core/json.ts';
import { inToolLoop, thinkingOf } from '../anthropic/thinking.ts';
import type { Conversation } from '../chat/blocks.ts';
import { readConversation } from '../chat/conversation.ts';
import {
  instructions,
  readJsonSchema,
  readSampling,
  refuseUntranslatable,
  type Sampling,
} from '../chat/sampling.ts';
import { isForced, readTools, type Tools, usedTools } from '../chat/tools.ts';
import type { ProviderCall } from '../provider.ts';
import { cachePoint, toMessages } from './blocks.ts';

type Shape = Record<string, unknown>;

/** A chat request as Converse takes it. Throws ProviderFailure `invalid_request` for what has no place there. */
export function converseRequest(call: ProviderCall): { input: Shape; legacy: boolean } {
  const { body, target, requestId } = call;
  refuseUntranslatable(body);
  const conversation = readConversation(body);
  const tools = readTools(body);
  const sampling = readSampling(body);
  const extra = extras(call, conversation, tools, sampling);
  const system = [...conversation.system, ...instructions(body)].flatMap((block) => [
    { text: block.text },
    ...cachePoint(block),
  ]);
  return {
    legacy: tools?.legacy ?? false,
    input: {
      modelId: target.provider_model,
      messages: toMessages(conversation.turns),
      ...(system.length > 0 ? { system } : {}),
      inferenceConfig: inference(sampling, extra.thinks),
      ...toolConfig(tools, conversation),
      ...(Object.keys(extra.fields).length > 0 ? { additionalModelRequestFields: extra.fields } : {}),
      ...outputConfig(body, extra.effort),
      // Stands in Bedrock's invocation log, so that its records can be matched with ours.
      requestMetadata: { keeptrusts_request_id: requestId },
    },
  };
}

function inference({ maxTokens, temperature, topP, stop }: Sampling, thinks: boolean): Shape {
  return {
    maxTokens,
    ...(temperature === undefined || thinks ? {} : { temperature }),
    ...(topP === undefined || thinks ? {} : { topP }),
    ...(stop.length > 0 ? { stopSequences: stop } : {}),
  };
}

/**
 * Converse has no "none": then no tool is offered, unless the conversation already holds calls, whose tools must be declared.
 */
function toolConfig(tools: Tools | undefined, conversation: Conversation): Shape {
  const used = usedTools(conversation);
  const offered = tools && (tools.choice !== 'none' || used.length > 0) ? tools.tools : used;
  if (offered.length === 0) return {};
  const specs = offered.map(({ name, description, schema, strict }) => ({
    toolSpec: {
      name,
      ...(description ? { description } : {}),
      inputSchema: { json: schema },
      ...(strict ? { strict } : {}),
    },
  }));
  return { toolConfig: { tools: specs, ...(tools ? choice(tools) : {}) } };
}

function choice({ choice }: Tools): Shape {
  if (choice === 'auto' || choice === 'none') return {};
  return { toolChoice: choice === 'required' ? { any: {} } : { tool: { name: choice.name } } };
}

interface Extras {
  readonly fields: JsonObject;
  readonly effort?: string;
  readonly thinks: boolean;
}

/** What each family of models takes beside Converse's own settings. */
function extras(
  { target, body }: ProviderCall,
  conversation: Conversation,
  tools: Tools | undefined,
  { maxTokens, topK }: Sampling,
): Extras {
  const model = target.base_model ?? target.provider_model;
  if (model.includes('anthropic.')) {
    const situation = { model, maxTokens, forced: isForced(tools), inToolLoop: inToolLoop(conversation) };
    const { thinking, effort } = thinkingOf(body, situation);
    const thinks = thinking !== undefined && thinking['type'] !== 'disabled';
    const fields: JsonObject = {
      ...(thinking ? { thinking } : {}),
      ...(topK === undefined || thinks ? {} : { top_k: topK }),
    };
    return { fields, thinks, ...(effort ? { effort } : {}) };
  }
  const effort = body['reasoning_effort'];
  if (model.includes('openai.') && typeof effort === 'string') {
    return { fields: { reasoning_effort: effort }, thinks: false };
  }
  const nova: JsonObject =
    model.includes('amazon.nova') && topK !== undefined ? { inferenceConfig: { topK } } : {};
  return { fields: nova, thinks: false };
}

function outputConfig(body: JsonObject, effort: string | undefined): Shape {
  const schema = readJsonSchema(body);
  if (!schema && !effort) return {};
  const jsonSchema = schema && { name: schema.name, schema: JSON.stringify(schema.schema) };
  return {
    outputConfig: {
      ...(effort ? { effort } : {}),
      ...(jsonSchema ? { textFormat: { type: 'json_schema', structure: { jsonSchema } } } : {}),
    },
  };
}
