import { completionTokens, promptTokens } from '#core/cost/usage.ts';
import type { Json, JsonObject } from '#core/json.ts';
import type { AnswerContext } from '../answer-format.ts';

/** The objects of OpenAI's `/responses`. Nothing of the request is repeated in them but numbers. */

export type Status = 'in_progress' | 'completed' | 'incomplete';

/** Why an answer ended, as this route has it. */
export function endOf(finishReason: string): { status: Status; incomplete_details: Json } {
  if (finishReason === 'length')
    return { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } };
  if (finishReason === 'content_filter')
    return { status: 'incomplete', incomplete_details: { reason: 'content_filter' } };
  return { status: 'completed', incomplete_details: null };
}

/** The response itself; without `finishReason` it is under way. */
export function response(
  exchange: AnswerContext,
  output: readonly JsonObject[],
  finishReason?: string,
): JsonObject {
  const { requestId, startedAt, modelUsed, model, servedAs, asked } = exchange;
  const end = finishReason === undefined ? undefined : endOf(finishReason);
  const number = (name: string) => (typeof asked[name] === 'number' ? asked[name] : null);
  return {
    id: `resp_${requestId}`,
    object: 'response',
    created_at: Math.floor(startedAt / 1000),
    status: end?.status ?? 'in_progress',
    error: null,
    incomplete_details: end?.incomplete_details ?? null,
    instructions: null,
    max_output_tokens: number('max_output_tokens'),
    model: modelUsed ?? model,
    output: [...output],
    parallel_tool_calls: asked['parallel_tool_calls'] !== false,
    previous_response_id: null,
    store: false,
    temperature: number('temperature'),
    text: { format: { type: 'text' } },
    tool_choice: 'auto',
    tools: [],
    top_p: number('top_p'),
    truncation: 'disabled',
    ...(servedAs['service_tier'] === undefined ? {} : { service_tier: servedAs['service_tier'] }),
    usage: end ? usageOf(exchange) : null,
    metadata: {},
  };
}

function usageOf({ usage }: AnswerContext): JsonObject {
  const input = promptTokens(usage);
  const output = completionTokens(usage);
  return {
    input_tokens: input,
    input_tokens_details: { cached_tokens: usage.cached_input },
    output_tokens: output,
    output_tokens_details: { reasoning_tokens: usage.reasoning },
    total_tokens: input + output,
  };
}

export function reasoningItem(id: string, text: string): JsonObject {
  return { id, type: 'reasoning', summary: text === '' ? [] : [summaryPart(text)] };
}

export function summaryPart(text: string): JsonObject {
  return { type: 'summary_text', text };
}

export function messageItem(id: string, content: readonly JsonObject[], status: Status): JsonObject {
  return { id, type: 'message', status, role: 'assistant', content: [...content] };
}

export function textPart(kind: 'content' | 'refusal', text: string): JsonObject {
  if (kind === 'refusal') return { type: 'refusal', refusal: text };
  return { type: 'output_text', text, annotations: [], logprobs: [] };
}

export function callItem(id: string, call: JsonObject, status: Status): JsonObject {
  return { id, type: 'function_call', status, ...call };
}
