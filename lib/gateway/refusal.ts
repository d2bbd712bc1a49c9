import { type FailureCode, GatewayError } from '#core/errors.ts';
import { isStructured } from '#core/openai/request-facts.ts';
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

/** `refusal` looks like an answer, `error` like an OpenAI error; routes whose answers are no prose, and requests for structured output, always get the error. */
export function noticeForm(exchange: Exchange): 'refusal' | 'error' {
  if (exchange.modelRoute.notices === 'error' || isStructured(exchange.body)) return 'error';
  return exchange.caller.app.onBlock ?? exchange.deployment.pack.on_block;
}

/** The notice with its reference: no brackets, braces or backticks, so that no client parses it as something else. */
export function noticeText(notice: Pick<Notice, 'text'>, requestId: string): string {
  return `${notice.text.replace(/[[\]{}`<>]/g, '')} Reference: ${requestId}`;
}

/** The error form; its status is the pack's `block_status`. */
export function noticeError(notice: Notice, requestId: string): GatewayError {
  return new GatewayError(notice.code, noticeText(notice, requestId));
}
