import { isObject, type Json, type JsonObject } from '#core/json.ts';
import { type AnswerPart, callsFinish, completionOf } from '../chat/answer.ts';
import { ProviderFailure } from '../failure.ts';
import { bedrockUsage } from './usage.ts';

const FINISH: Readonly<Record<string, string>> = {
  end_turn: 'stop',
  stop_sequence: 'stop',
  max_tokens: 'length',
  model_context_window_exceeded: 'length',
  content_filtered: 'content_filter',
  guardrail_intervened: 'content_filter',
};

/** Throws ProviderFailure for an answer that Bedrock itself calls malformed. */
export function finishOf(reason: Json | undefined, legacy: boolean): string {
  if (reason === 'tool_use') return callsFinish(legacy);
  if (typeof reason === 'string' && reason.startsWith('malformed_')) {
    throw new ProviderFailure('provider_error', 'The model’s answer was malformed.', {
      status: 200,
      again: true,
    });
  }
  return (typeof reason === 'string' ? FINISH[reason] : undefined) ?? 'stop';
}

/** A whole answer of Converse. What a guardrail traced is not relayed. */
export function toCompletion(answer: JsonObject, legacy: boolean): JsonObject {
  const { output, stopReason, usage } = answer;
  const message = isObject(output) ? output['message'] : undefined;
  const content = isObject(message) ? message['content'] : undefined;
  if (!Array.isArray(content)) {
    const problem = 'The provider answered with something that is not a message.';
    throw new ProviderFailure('provider_error', problem, { status: 200, again: true });
  }
  return completionOf(toParts(content.filter(isObject)), {
    finish: finishOf(stopReason, legacy),
    usage: bedrockUsage(usage),
    legacy,
  });
}

function toParts(content: readonly JsonObject[]): AnswerPart[] {
  let calls = 0;
  return content.flatMap((block): AnswerPart[] => {
    const call = block['toolUse'];
    if (!isObject(call)) return textPart(block);
    const index = calls++;
    return [callPart(call, index), { kind: 'arguments', index, text: JSON.stringify(call['input'] ?? {}) }];
  });
}

export function callPart(call: JsonObject, index: number): AnswerPart {
  return { kind: 'call', index, id: String(call['toolUseId']), name: String(call['name']) };
}

/** Text and thoughts of a block or of a delta. */
export function textPart({ text, reasoningContent }: JsonObject): AnswerPart[] {
  if (typeof text === 'string' && text !== '') return [{ kind: 'text', text }];
  if (!isObject(reasoningContent)) return [];
  const { reasoningText } = reasoningContent;
  const thought = isObject(reasoningText) ? reasoningText['text'] : reasoningContent['text'];
  return typeof thought === 'string' && thought !== '' ? [{ kind: 'reasoning', text: thought }] : [];
}
