import type { JsonObject } from '#core/json.ts';

/** A piece of an answer as it comes. `index` counts tool calls. */
export type AnswerPart =
  | { readonly kind: 'text' | 'reasoning'; readonly text: string }
  | { readonly kind: 'call'; readonly index: number; readonly id: string; readonly name: string }
  | { readonly kind: 'arguments'; readonly index: number; readonly text: string };

/** A piece as OpenAI streams it. `legacy` clients know one `function_call` and no ids. */
export function deltaOf(part: AnswerPart, legacy: boolean): JsonObject {
  switch (part.kind) {
    case 'text':
      return { content: part.text };
    case 'reasoning':
      return { reasoning_content: part.text };
    case 'call': {
      const fn = { name: part.name, arguments: '' };
      if (legacy) return { function_call: fn };
      return { tool_calls: [{ index: part.index, id: part.id, type: 'function', function: fn }] };
    }
    case 'arguments': {
      const fn = { arguments: part.text };
      return legacy ? { function_call: fn } : { tool_calls: [{ index: part.index, function: fn }] };
    }
  }
}

export function chunkOf(delta: JsonObject, finish: string | null = null): JsonObject {
  return { object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason: finish }] };
}

/** All pieces as one message. */
function messageOf(parts: readonly AnswerPart[], legacy: boolean): JsonObject {
  const joined = (kind: 'text' | 'reasoning') =>
    parts.map((part) => (part.kind === kind ? part.text : '')).join('');
  const calls = parts.flatMap((part) => (part.kind === 'call' ? [callOf(part, parts)] : []));
  const reasoning = joined('reasoning');
  return {
    role: 'assistant',
    content: joined('text') || null,
    ...(reasoning ? { reasoning_content: reasoning } : {}),
    ...(calls.length === 0
      ? {}
      : legacy
        ? { function_call: calls[0]?.['function'] ?? null }
        : { tool_calls: calls }),
  };
}

function callOf(call: AnswerPart & { kind: 'call' }, parts: readonly AnswerPart[]): JsonObject {
  const text = parts
    .map((part) => (part.kind === 'arguments' && part.index === call.index ? part.text : ''))
    .join('');
  return { id: call.id, type: 'function', function: { name: call.name, arguments: text || '{}' } };
}

/** A whole answer; `legacy` clients are told of a call in their own word. */
export function completionOf(
  parts: readonly AnswerPart[],
  {
    finish,
    model,
    usage,
    legacy,
  }: { finish: string; model?: string; usage: JsonObject | undefined; legacy: boolean },
): JsonObject {
  return {
    object: 'chat.completion',
    ...(model ? { model } : {}),
    choices: [{ index: 0, message: messageOf(parts, legacy), finish_reason: finish }],
    ...(usage ? { usage } : {}),
  };
}

/** OpenAI's word for a call, in the client's time. */
export function callsFinish(legacy: boolean): string {
  return legacy ? 'function_call' : 'tool_calls';
}
