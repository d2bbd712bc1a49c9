import canonicalize from 'canonicalize';
import { FAILURES, type GatewayError } from '#core/errors.ts';
import type { Json, JsonObject } from '#core/json.ts';
import { hmacHex } from '#core/text/hash.ts';
import { answerOf, settled } from '../answers.ts';
import { claim } from '../claims.ts';
import type { Ending, Exchange } from '../exchange.ts';
import type { ExchangeKit } from '../kit.ts';
import { readBody } from '../read-body.ts';
import { type Notice, noticeText } from '../refusal.ts';
import { asGatewayError, jsonResponse, standardHeaders } from '../respond.ts';
import type { Route, RouteCall } from '../routes.ts';
import { openExchange } from '../serve-exchange.ts';
import { setAside } from '../set-aside.ts';
import { type Judged, judgeInput, judgeOutput } from './judge-texts.ts';
import { type ModerationCall, readModerationCall } from './moderation-call.ts';
import { MODERATION } from './moderation-words.ts';

/** Remote detectors have until then; Dify's person waits, and an answer that is being written is asked about every second. */
const PATIENCE_MS = 4_500;
const UNCHECKED = 'This could not be checked, so it is not shown. Please try again in a moment.';

/**
 * Dify's API extension for moderation: the same chain as for model calls, over texts that Dify holds. Always a decision with status
 * 200 once the call is understood: an error would stop an app's run before the model, and be passed over behind it.
 */
export function difyModeration(kit: ExchangeKit): Route {
  const { path, governance } = MODERATION;
  return {
    method: 'POST',
    path,
    governance,
    key: 'required',
    async handle(call) {
      const { body } = await readBody(call.request);
      const asked = readModerationCall(body);
      if (asked.point === 'ping') return jsonResponse(200, { result: 'pong' }, standardHeaders(call));
      return judge(asked, call, kit);
    },
  };
}

type TextCall = Exclude<ModerationCall, { point: 'ping' }>;

async function judge(asked: TextCall, call: RouteCall, kit: ExchangeKit): Promise<Response> {
  let exchange: Exchange;
  try {
    exchange = await openExchange(call, MODERATION, kit);
  } catch (thrown) {
    const { code } = asGatewayError(thrown, call.requestId);
    kit.ports.log.error('moderation.unchecked', { request_id: call.requestId, error: code });
    return jsonResponse(200, stopped(UNCHECKED, call.requestId), standardHeaders(call));
  }
  describe(exchange, asked);
  try {
    return answer(exchange, await judged(exchange, asked, call, kit), kit);
  } catch (thrown) {
    return unchecked(exchange, asGatewayError(thrown, call.requestId), kit);
  }
}

function describe(exchange: Exchange, asked: TextCall): void {
  exchange.model = MODERATION.defaultModel ?? '';
  if (asked.appId) exchange.claims['dify_app_id'] = claim(asked.appId);
  const texts: Json = asked.point === 'app.moderation.input' ? asked.asked : { text: asked.text };
  exchange.inputHmac = hmacHex(exchange.tenantKey, `input\0${canonicalize(texts) ?? ''}`);
}

async function judged(
  exchange: Exchange,
  asked: TextCall,
  call: RouteCall,
  kit: ExchangeKit,
): Promise<JsonObject> {
  // A model that judges is paid for by the app, like one that answers.
  const judges = exchange.deployment.pack.remotes ?? [];
  if (judges.length > 0) await setAside(exchange, { targets: [], deadline: call.deadline, texts: [] }, kit);
  const late = AbortSignal.any([call.request.signal, AbortSignal.timeout(PATIENCE_MS)]);
  return asked.point === 'app.moderation.input'
    ? decision(exchange, await judgeInput(exchange, asked.asked, late, kit), (edited) => edited)
    : decision(exchange, await judgeOutput(exchange, asked.text, late, kit), (text) => ({ text }));
}

/** `action` is there even when nothing was found: Dify's reader insists on it. */
function decision<T>({ requestId }: Exchange, said: Judged<T>, write: (edited: T) => JsonObject): JsonObject {
  if ('notice' in said) return stopped(said.notice, requestId);
  if (said.edited === undefined) return { flagged: false, action: 'direct_output' };
  return { flagged: true, action: 'overridden', ...write(said.edited) };
}

function stopped(notice: Notice | string, requestId: string): JsonObject {
  const shown = typeof notice === 'string' ? { text: notice } : notice;
  return { flagged: true, action: 'direct_output', preset_response: noticeText(shown, requestId) };
}

function answer(exchange: Exchange, body: JsonObject, kit: ExchangeKit): Response {
  const blocked = body['action'] === 'direct_output' && body['flagged'] === true;
  return settle(
    exchange,
    body,
    { type: blocked ? 'request.blocked' : 'request.completed', complete: !blocked },
    kit,
  );
}

/** Something of the gateway's own does not work: nothing passes unseen. */
function unchecked(exchange: Exchange, { code, cause }: GatewayError, kit: ExchangeKit): Response {
  exchange.verdict = 'blocked';
  const name = cause instanceof Error ? cause.name : typeof cause;
  kit.ports.log.error('moderation.unchecked', { request_id: exchange.requestId, error: code, cause: name });
  const type = FAILURES[code].status < 500 ? 'request.refused' : 'request.failed';
  const ending = { type, complete: false, errorCode: code } as const;
  return settle(exchange, stopped(UNCHECKED, exchange.requestId), ending, kit);
}

function settle(
  exchange: Exchange,
  body: JsonObject,
  ending: Omit<Ending, 'status'>,
  kit: ExchangeKit,
): Response {
  const headers = standardHeaders(answerOf(exchange));
  headers.set('content-type', 'application/json');
  return settled(exchange, 200, headers, JSON.stringify(body), { ...ending, status: 200 }, kit);
}
