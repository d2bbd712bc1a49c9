import type { JsonObject } from '#core/json.ts';
import type { AnswerContext, GuardedAnswer, TextFormat } from '../answer-format.ts';
import type { Assembled, ToolIds } from '../answer-parts.ts';
import { callsOf } from './response-calls.ts';
import { ResponseFrames } from './response-frames.ts';
import { callItem, endOf, messageItem, reasoningItem, response, textPart } from './response-items.ts';

/** OpenAI's `response`, whole and as typed events. There is one choice: this route has no `n`. */
export const responseFormat: TextFormat = {
  contentType: () => 'application/json',
  whole: (answer) => JSON.stringify(whole(answer)),
  own: (exchange, text, finishReason) => {
    const { status } = endOf(finishReason);
    const message = messageItem(`msg_${exchange.requestId}`, [textPart('content', text)], status);
    return JSON.stringify(response(exchange, [message], finishReason));
  },
  frames: (exchange) => new ResponseFrames(exchange),
};

function whole({ exchange, upstream, choices }: GuardedAnswer): JsonObject {
  const finishReason = upstream.finish.get(0) ?? 'stop';
  const assembled = choices.get(0);
  const output = assembled ? itemsOf(exchange, assembled, upstream.ids, finishReason) : [];
  return response(exchange, output, finishReason);
}

function itemsOf(
  { requestId }: AnswerContext,
  assembled: Assembled,
  ids: ToolIds,
  finishReason: string,
): JsonObject[] {
  const { text } = assembled;
  const reasoning = text.get('reasoning') ?? '';
  const content = (['content', 'refusal'] as const).flatMap((kind) => {
    const part = text.get(kind) ?? '';
    return part === '' ? [] : [textPart(kind, part)];
  });
  return [
    ...(reasoning === '' ? [] : [reasoningItem(`rs_${requestId}`, reasoning)]),
    ...(content.length === 0 ? [] : [messageItem(`msg_${requestId}`, content, endOf(finishReason).status)]),
    ...callsOf(assembled, ids).map((call, index) => callItem(`fc_${requestId}_${index}`, call, 'completed')),
  ];
}
