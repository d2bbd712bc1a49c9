import { settledBody } from './body-stream.ts';
import type { Ending, Exchange } from './exchange.ts';
import type { ExchangeKit } from './kit.ts';
import { type Notice, noticeError, noticeForm, noticeText } from './refusal.ts';
import { type AnswerHeaders, errorBody, failureHeaders, standardHeaders } from './respond.ts';

/** Our own text instead of an answer, in the form the app asked for. */
export function refuse(exchange: Exchange, notice: Notice, kit: ExchangeKit): Response {
  const blocked = notice.code !== 'review_pending';
  const { block_status } = exchange.deployment.pack;
  const error = noticeError(notice, exchange.requestId);
  const asError = noticeForm(exchange) === 'error';
  const ending: Ending = {
    type: blocked ? 'request.blocked' : 'request.completed',
    status: asError ? block_status : 200,
    complete: false,
    errorCode: notice.code,
    finishReason: 'content_filter',
  };
  if (asError) {
    const text = JSON.stringify(errorBody(error, { policy: notice.policy }));
    return settled(exchange, block_status, failureHeaders(error, answerOf(exchange)), text, ending, kit);
  }
  const shown = noticeText(notice, exchange.reviewId ?? exchange.requestId);
  return ownText(exchange, shown, 'content_filter', ending, kit);
}

/** A decided answer, served to a repeat of its request. */
export function answerText(exchange: Exchange, text: string, kit: ExchangeKit): Response {
  const ending: Ending = { type: 'request.completed', status: 200, complete: true, finishReason: 'stop' };
  return ownText(exchange, text, 'stop', { ...ending, detail: 'released after review' }, kit);
}

function ownText(
  exchange: Exchange,
  text: string,
  reason: string,
  ending: Ending,
  kit: ExchangeKit,
): Response {
  const { format } = exchange.modelRoute;
  if (!format) throw new Error('a text on a route without text');
  exchange.charsOut = text.length;
  const headers = standardHeaders(answerOf(exchange));
  headers.set('x-should-retry', 'false');
  if (!exchange.stream || !format.frames) {
    headers.set('content-type', format.contentType(exchange));
    return settled(exchange, 200, headers, format.own(exchange, text, reason), ending, kit);
  }
  headers.set('content-type', 'text/event-stream');
  return settled(exchange, 200, headers, format.frames(exchange).own(text, reason), ending, kit);
}

/** A response whose body ends when its event is durable; recording begins at once, whether anybody reads or not. */
export function settled(
  exchange: Exchange,
  status: number,
  headers: Headers,
  text: string,
  ending: Ending,
  kit: ExchangeKit,
): Response {
  exchange.firstByteAt ??= kit.ports.clock.now();
  // All that Dify shows of a failed embedding or ranking (research/dify-client.md §7); Lambda has no place for it.
  const statusText = status >= 400 && ending.errorCode ? `${ending.errorCode} ${exchange.requestId}` : '';
  return new Response(settledBody(text, kit.record(exchange, ending)), { status, statusText, headers });
}

/** The headers every answer of an exchange carries. */
export function answerOf(exchange: Exchange): AnswerHeaders {
  return {
    requestId: exchange.requestId,
    verdict: exchange.verdict,
    pack: `${exchange.deployment.pack.name}@${exchange.deployment.pack.version}`,
    rate: exchange.rate,
  };
}
