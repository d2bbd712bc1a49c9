import { type FailureCode, GatewayError } from '#core/errors.ts';
import type { JsonObject } from '#core/json.ts';
import { isStructured } from '#core/openai/request-facts.ts';
import { DONE_FRAME, dataFrame } from '#core/openai/sse.ts';
import { writeUsage } from '#core/openai/usage.ts';
import type { Exchange } from './exchange.ts';

/** Something of ours the person gets instead of the provider's answer. */
export interface Notice {
  readonly code: Extract<FailureCode, 'input_blocked' | 'output_blocked' | 'review_pending'>;
  /** Plain prose; the reference id is added here. */
  readonly text: string;
  /** The policy that decided, for the error form. */
  readonly policy: string;
}

/** Thrown while nothing was sent yet: the whole answer becomes the notice. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly notice: Notice;

  constructor(notice: Notice) {
    super(notice.code);
    this.notice = notice;
  }
}

/** `refusal` looks like an answer, `error` like an OpenAI error; structured-output requests always get the error. */
export function noticeForm(exchange: Exchange): 'refusal' | 'error' {
  if (isStructured(exchange.body)) return 'error';
  return exchange.caller.app.onBlock ?? exchange.deployment.pack.on_block;
}

/** The notice with its reference: no brackets, braces or backticks, so that no client parses it as something else. */
export function noticeText(notice: Notice, requestId: string): string {
  return `${notice.text.replace(/[[\]{}`<>]/g, '')} Reference: ${requestId}`;
}

/** The error form; its status is the pack's `block_status`. */
export function noticeError(notice: Notice, requestId: string): GatewayError {
  return new GatewayError(notice.code, noticeText(notice, requestId));
}

/** What every answer and chunk of one exchange starts with. */
export function answerHead(
  exchange: Exchange,
  object: 'chat.completion' | 'chat.completion.chunk',
): JsonObject {
  return {
    id: `chatcmpl-${exchange.requestId}`,
    object,
    created: Math.floor(exchange.startedAt / 1000),
    model: exchange.modelUsed ?? exchange.model,
  };
}

/** A whole answer with our text. */
export function textAnswer(exchange: Exchange, text: string, finishReason: string): JsonObject {
  return {
    ...answerHead(exchange, 'chat.completion'),
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: text, refusal: null },
        logprobs: null,
        finish_reason: finishReason,
      },
    ],
    usage: writeUsage(exchange.usage),
  };
}

/** The same as a stream: role, text, finish, usage, `[DONE]`. `started` = the client already got the role. */
export function textFrames(
  exchange: Exchange,
  text: string,
  finishReason: string,
  started = false,
): string[] {
  const head = answerHead(exchange, 'chat.completion.chunk');
  const choice = (delta: JsonObject, reason: string | null) =>
    dataFrame({ ...head, choices: [{ index: 0, delta, finish_reason: reason }] });
  return [
    ...(started ? [] : [choice({ role: 'assistant', content: '' }, null)]),
    choice({ content: text }, null),
    choice({}, finishReason),
    usageFrame(exchange),
    DONE_FRAME,
  ];
}

export function usageFrame(exchange: Exchange): string {
  return dataFrame({
    ...answerHead(exchange, 'chat.completion.chunk'),
    choices: [],
    usage: writeUsage(exchange.usage),
  });
}
