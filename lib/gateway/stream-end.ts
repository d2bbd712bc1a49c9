import type { FrameWriter } from './answer-format.ts';
import { answerOf } from './answers.ts';
import { framesBody } from './body-stream.ts';
import type { Ending, Exchange } from './exchange.ts';
import { type Notice, noticeForm, noticeText } from './refusal.ts';
import { asGatewayError, standardHeaders } from './respond.ts';

/** How a stream ends that has begun: its status is 200, and what else happens is the last thing in its body. */

export const ABORTED: Ending = { type: 'request.client_aborted', status: 200, complete: false };

export function noticeEnding({ code }: Notice): Ending {
  const type = code === 'review_pending' ? 'request.completed' : 'request.blocked';
  return { type, status: 200, complete: false, errorCode: code, finishReason: 'content_filter' };
}

/** Our own words: after what was already sent, or instead of it. */
export function noticeFrame(exchange: Exchange, writer: FrameWriter, notice: Notice): string {
  const text = noticeText(notice, exchange.reviewId ?? exchange.requestId);
  return noticeForm(exchange) === 'error' ? writer.error(text) : writer.own(text, 'content_filter');
}

export function failureEnding({ requestId }: Exchange, error: unknown): Ending {
  const { code } = asGatewayError(error, requestId);
  return { type: 'request.failed', status: 200, complete: false, errorCode: code };
}

export function failureFrame({ requestId }: Exchange, writer: FrameWriter, error: unknown): string {
  const { message, code } = asGatewayError(error, requestId);
  return writer.error(code === 'internal_error' ? message : `${message} Reference: ${requestId}`);
}

/** The answer that these frames are; waits for the first one, which may throw. */
export async function eventStream(
  exchange: Exchange,
  frames: AsyncGenerator<string | Uint8Array, void, void>,
): Promise<Response> {
  const first = await frames.next();
  const headers = standardHeaders(answerOf(exchange));
  headers.set('content-type', 'text/event-stream');
  headers.set('x-should-retry', 'false');
  return new Response(framesBody(first.value ?? '', frames), { status: 200, headers });
}
