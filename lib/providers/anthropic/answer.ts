import { isObject, type Json, type JsonObject } from '#core/json.ts';
import { type AnswerPart, callsFinish, completionOf } from '../chat/answer.ts';
import { anthropicUsage } from './usage.ts';

const FINISH: Readonly<Record<string, string>> = {
  end_turn: 'stop',
  stop_sequence: 'stop',
  pause_turn: 'stop',
  max_tokens: 'length',
  model_context_window_exceeded: 'length',
  refusal: 'content_filter',
};

export function finishOf(reason: Json | undefined, legacy: boolean): string {
  if (reason === 'tool_use') return callsFinish(legacy);
  return (typeof reason === 'string' ? FINISH[reason] : undefined) ?? 'stop';
}

/** A whole message as a completion. */
export function toCompletion(message: JsonObject, legacy: boolean): JsonObject {
  const content = Array.isArray(message['content']) ? message['content'].filter(isObject) : [];
  const { model } = message;
  return completionOf(toParts(content), {
    finish: finishOf(message['stop_reason'], legacy),
    usage: anthropicUsage(message['usage']),
    legacy,
    ...(typeof model === 'string' ? { model } : {}),
  });
}

/** Redacted thoughts and what servers' own tools did are left out: an OpenAI client has no place for them. */
function toParts(content: readonly JsonObject[]): AnswerPart[] {
  let calls = 0;
  return content.flatMap((block): AnswerPart[] => {
    if (block['type'] === 'tool_use') {
      const index = calls++;
      return [
        callPart(block, index),
        { kind: 'arguments', index, text: JSON.stringify(block['input'] ?? {}) },
      ];
    }
    return textPart(block);
  });
}

export function callPart(block: JsonObject, index: number): AnswerPart {
  return { kind: 'call', index, id: String(block['id']), name: String(block['name']) };
}

/** The text of a block or of a delta: both name the field by what it is. */
export function textPart(block: JsonObject): AnswerPart[] {
  const { text, thinking } = block;
  if (typeof text === 'string' && text !== '') return [{ kind: 'text', text }];
  return typeof thinking === 'string' && thinking !== '' ? [{ kind: 'reasoning', text: thinking }] : [];
}
