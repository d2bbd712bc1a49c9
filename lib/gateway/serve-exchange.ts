import canonicalize from 'canonicalize';
import { GatewayError } from '#core/errors.ts';
import type { JsonObject } from '#core/json.ts';
import { putLeaves, walkRequest } from '#core/openai/leaves.ts';
import { mostOutput } from '#core/openai/output-limit.ts';
import type { Target } from '#core/pack/pack.ts';
import { asksRemote } from '#core/policy/ask-input.ts';
import { hmacHex, sha256Hex } from '#core/text/hash.ts';
import { readTrace } from '#core/trace/trace.ts';
import { afterReview } from './after-review.ts';
import { answerOf, answerText, refuse, settled } from './answers.ts';
import { wantedBeside } from './beside.ts';
import { callProvider, type Served } from './call-provider.ts';
import { askWhoseClaim } from './claims.ts';
import { type Ending, type Exchange, noteGivenUp, startExchange } from './exchange.ts';
import { createFacts } from './facts.ts';
import { guardInput } from './guard-input.ts';
import { repeatOf, requestHash } from './held.ts';
import { holdRequest, type Judged } from './hold-request.ts';
import type { ExchangeKit } from './kit.ts';
import type { ModelRoute } from './model-route.ts';
import { readBody } from './read-body.ts';
import { readRequest } from './read-request.ts';
import { Refused } from './refusal.ts';
import { type Relay, type RelayedRoute, tooLate } from './relay.ts';
import { asGatewayError, errorBody, failureHeaders, statusOf } from './respond.ts';
import type { Route, RouteCall } from './routes.ts';
import { targetsFor } from './routing/models.ts';
import { setAside } from './set-aside.ts';

/** The door's route of a model call. */
export function exchangeRoute(modelRoute: RelayedRoute, kit: ExchangeKit): Route {
  const { path, governance } = modelRoute;
  return { method: 'POST', path, governance, key: 'required', handle: serveExchange(modelRoute, kit) };
}

/** One governed model call: read, input chain, intent, provider, output guard, event. */
function serveExchange(modelRoute: RelayedRoute, kit: ExchangeKit): (call: RouteCall) => Promise<Response> {
  return async (call) => {
    const exchange = await openExchange(call, modelRoute, kit);
    try {
      const judged = await judgeRequest(exchange, call, kit);
      if (judged instanceof Response) return judged;
      const go = async (ready: Judged) =>
        modelRoute.relay(await reachProvider(await judgeAgain(ready), call, kit));
      return await (judged.review ? afterReview(judged, judged.review, go) : go(judged));
    } catch (error) {
      if (error instanceof Refused) return refuse(exchange, error.notice, kit);
      return failed(exchange, error, call, kit);
    }
  };
}

export async function openExchange(
  call: RouteCall,
  modelRoute: ModelRoute,
  kit: ExchangeKit,
): Promise<Exchange> {
  const { caller, requestId, route } = call;
  if (!caller) throw new Error('a model call without caller');
  const tenantKey = await kit.options.tenantKey().catch((cause: unknown) => {
    throw new GatewayError(
      'credentials_unavailable',
      'The gateway cannot read its own key. An operator must look.',
      {
        cause,
      },
    );
  });
  const startedAt = kit.ports.clock.now();
  const deployment = kit.deployment();
  const trace = readTrace(call.request.headers.get('traceparent'), requestId);
  return startExchange({ requestId, startedAt, route, modelRoute, deployment, caller, tenantKey, trace });
}

/** Everything before the provider; a response of our own when it does not come to that. */
async function judgeRequest(
  exchange: Exchange,
  call: RouteCall,
  kit: ExchangeKit,
): Promise<Judged | Response> {
  const { body, file } = await readBody(call.request, exchange.modelRoute.form);
  exchange.attachment = file;
  const digest: JsonObject = file ? { file: sha256Hex(file.bytes) } : {};
  exchange.inputHmac = hmacHex(exchange.tenantKey, `input\0${canonicalize({ ...body, ...digest }) ?? ''}`);
  readRequest(exchange, body, call.request.headers);
  const targets = targetsFor(exchange.deployment, exchange.caller, exchange.model);

  await Promise.all([
    kit.rates.enter(exchange, roughTokens(exchange), call.deadline),
    askWhoseClaim(exchange, kit.ports.keys),
  ]);

  // Only where an answer is or was held; the body is edited below, this one is not.
  const asked = { ...exchange.body, ...digest };
  const hash = () => requestHash(asked);
  const repeat = await repeatOf(exchange, hash, kit);
  if (repeat && repeat !== 'let-through')
    return 'notice' in repeat ? refuse(exchange, repeat.notice, kit) : answerText(exchange, repeat.text, kit);

  const walked = walkRequest(exchange.body, exchange.modelRoute.governance.request);
  exchange.charsIn = walked.leaves.reduce((sum, leaf) => sum + leaf.text.length, 0);
  exchange.unscannedParts.push(...walked.unscannedParts, ...unreadParts(exchange));
  const client = call.request.signal;
  const late = AbortSignal.timeout(timeLeft(call, kit));
  const waiting = AbortSignal.any([client, late]);
  const isLetThrough = repeat === 'let-through';
  const input = await guardInput(exchange, walked.leaves, createFacts(exchange), waiting, kit, isLetThrough);
  exchange.body = putLeaves(exchange.body, input.leaves);
  const judged = {
    exchange,
    targets,
    asked: walked.leaves,
    leaves: input.leaves,
    facts: input.facts,
    requestHash: hash,
    client,
    late,
    kit,
  };
  if (input.heldFor && isLetThrough) return judged;
  if (input.heldFor && mayBeHeld(exchange, kit))
    return { ...judged, review: await holdRequest(judged, input.heldFor) };
  return input.notice ? refuse(exchange, input.notice, kit) : judged;
}

/** Remote detectors are asked about a held request once a person has let it through. Throws what the client is told when one stops it. */
async function judgeAgain(judged: Judged): Promise<Judged> {
  const { exchange, asked, client, late, kit, review } = judged;
  if (!review || !asksRemote(exchange.deployment.pack.chain, kit.options.catalogue)) return judged;
  exchange.policies.length = 0;
  exchange.bypassed.length = 0;
  const waiting = AbortSignal.any([client, late]);
  const { notice, heldFor, leaves, facts } = await guardInput(
    exchange,
    asked,
    createFacts(exchange),
    waiting,
    kit,
    true,
  );
  if (notice && !heldFor) throw new Refused(notice);
  exchange.body = putLeaves(exchange.body, leaves);
  return { ...judged, leaves, facts };
}

/** A client's set-up probe is never held, and nothing is where nobody reviews. */
function mayBeHeld({ validation }: Exchange, { ports }: ExchangeKit): boolean {
  return ports.reviews !== undefined && !validation;
}

/** Sets money aside and asks the provider. */
async function reachProvider(judged: Judged, call: RouteCall, kit: ExchangeKit): Promise<Relay> {
  const { exchange, targets, leaves, facts, requestHash, client, late } = judged;
  const texts = leaves.map((leaf) => leaf.text);
  const allowed = await setAside(exchange, { targets, deadline: call.deadline, texts }, kit);
  const stop = new AbortController();
  const signal = AbortSignal.any([client, late, stop.signal]);
  const served = await reach(exchange, allowed, signal, kit).catch((error: unknown) => {
    throw late.aborted ? tooLate(error) : error;
  });
  return { exchange, served, facts, texts, requestHash, stop, client, late, kit };
}

/** What no policy can read beside the parts of messages. */
function unreadParts({ attachment, modelRoute, body }: Exchange): string[] {
  const answersAloud = modelRoute.governance.answer === 'unread' || wantedBeside(body).audio;
  return [...(attachment ? ['file audio'] : []), ...(answersAloud ? ['answer audio'] : [])];
}

async function reach(
  exchange: Exchange,
  targets: readonly Target[],
  signal: AbortSignal,
  kit: ExchangeKit,
): Promise<Served> {
  exchange.target = first(targets);
  const { modelRoute, body, attachment, stream, attempts, requestId, trace, deployment } = exchange;
  const { operation } = modelRoute;
  const { routing } = deployment.pack;
  const appId = exchange.caller.app.id;
  const asked = {
    appId,
    operation,
    targets,
    routing,
    body,
    attachment,
    stream,
    signal,
    attempts,
    giveUp: noteGivenUp(exchange),
    requestId,
    trace,
  };
  const served = await callProvider(asked, kit);
  exchange.target = served.target;
  exchange.providerRequestId = served.answer.requestId;
  return served;
}

/** For tokens per minute, before any work: four characters a token, and the answer the client allows. */
function roughTokens({ asked, body }: Exchange): number {
  return Math.ceil(JSON.stringify(asked).length / 4) + mostOutput(body, 0);
}

function first(targets: readonly Target[]): Target {
  const [target] = targets;
  if (!target) throw new Error('no target');
  return target;
}

function timeLeft(call: RouteCall, kit: ExchangeKit): number {
  return Math.max(1, Math.min(call.deadline - kit.ports.clock.now(), 2 ** 31 - 1));
}

/** The exchange ended before the first byte. */
function failed(exchange: Exchange, thrown: unknown, call: RouteCall, kit: ExchangeKit): Response {
  const error = asGatewayError(thrown, exchange.requestId);
  const reached = exchange.attempts.length > 0;
  const gone = call.request.signal.aborted;
  const refused = !reached && statusOf(error) < 500;
  const ending: Ending = {
    type: gone ? 'request.client_aborted' : refused ? 'request.refused' : 'request.failed',
    status: statusOf(error),
    complete: false,
    errorCode: error.code,
    ...(error.code === 'internal_error' ? { detail: errorClass(error.cause) } : {}),
  };
  if (error.code === 'internal_error') {
    kit.ports.log.error('internal error', { request_id: exchange.requestId, cause: errorClass(error.cause) });
  }
  return settled(
    exchange,
    ending.status,
    failureHeaders(error, answerOf(exchange)),
    JSON.stringify(errorBody(error)),
    ending,
    kit,
  );
}

/** The kind of a bug and where, never its message: that could hold text of the request. */
function errorClass(cause: unknown): string {
  if (!(cause instanceof Error)) return typeof cause;
  const frame = cause.stack?.split('\n').find((line) => line.trim().startsWith('at '));
  return `${cause.name} ${frame?.trim().slice(0, 200) ?? ''}`;
}
