import canonicalize from 'canonicalize';
import type { JsonObject } from '#core/json.ts';
import { putLeaves, walkRequest } from '#core/openai/leaves.ts';
import { mostOutput } from '#core/openai/output-limit.ts';
import { asksRemote } from '#core/policy/ask-input.ts';
import { hmacHex, sha256Hex } from '#core/text/hash.ts';
import { answerText, refuse } from './answers.ts';
import { wantedBeside } from './beside.ts';
import { askWhoseClaim } from './claims.ts';
import type { Exchange } from './exchange.ts';
import { createFacts } from './facts.ts';
import { guardInput } from './guard-input.ts';
import { repeatOf, requestHash } from './held.ts';
import { holdRequest, type Judged } from './hold-request.ts';
import type { ExchangeKit } from './kit.ts';
import { readBody } from './read-body.ts';
import { readRequest } from './read-request.ts';
import { Refused } from './refusal.ts';
import type { RouteCall } from './routes.ts';
import { targetsFor } from './routing/models.ts';

/** Everything before the provider; a response of our own when it does not come to that. */
export async function judgeRequest(
  exchange: Exchange,
  call: RouteCall,
  kit: ExchangeKit,
): Promise<Judged | Response> {
  const digest = await readExchange(exchange, call);
  const targets = targetsFor(exchange.deployment, exchange.caller, exchange.model);
  await Promise.all([
    kit.rates.enter(exchange, roughTokens(exchange), call.deadline),
    askWhoseClaim(exchange, kit.ports.keys),
  ]);

  // Only where an answer is or was held; the body is edited below, this one is not.
  const asked = { ...exchange.body, ...digest };
  const hash = () => requestHash(asked);
  const repeat = await repeatOf(exchange, hash, kit);
  const isLetThrough = repeat === 'let-through';
  if (repeat && !isLetThrough)
    return 'notice' in repeat ? refuse(exchange, repeat.notice, kit) : answerText(exchange, repeat.text, kit);

  const walked = walkRequest(exchange.body, exchange.modelRoute.governance.request);
  exchange.charsIn = walked.leaves.reduce((sum, leaf) => sum + leaf.text.length, 0);
  exchange.unscannedParts.push(...walked.unscannedParts, ...unreadParts(exchange));
  const client = call.request.signal;
  const late = AbortSignal.timeout(timeLeft(call, kit));
  const waiting = AbortSignal.any([client, late]);
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
export async function judgeAgain(judged: Judged): Promise<Judged> {
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

/** Reads body and headers. Returns what stands for an uploaded file where requests are compared. */
async function readExchange(exchange: Exchange, { request }: RouteCall): Promise<JsonObject> {
  const { body, file } = await readBody(request, exchange.modelRoute.form);
  exchange.attachment = file;
  const digest: JsonObject = file ? { file: sha256Hex(file.bytes) } : {};
  exchange.inputHmac = hmacHex(exchange.tenantKey, `input\0${canonicalize({ ...body, ...digest }) ?? ''}`);
  readRequest(exchange, body, request.headers);
  return digest;
}

/** A client's set-up probe is never held, and nothing is where nobody reviews. */
function mayBeHeld({ validation }: Exchange, { ports }: ExchangeKit): boolean {
  return ports.reviews !== undefined && !validation;
}

/** What no policy can read beside the parts of messages. */
function unreadParts({ attachment, modelRoute, body }: Exchange): string[] {
  const answersAloud = modelRoute.governance.answer === 'unread' || wantedBeside(body).audio;
  return [...(attachment ? ['file audio'] : []), ...(answersAloud ? ['answer audio'] : [])];
}

/** For tokens per minute, before any work: four characters a token, and the answer the client allows. */
function roughTokens({ asked, body }: Exchange): number {
  return Math.ceil(JSON.stringify(asked).length / 4) + mostOutput(body, 0);
}

function timeLeft(call: RouteCall, kit: ExchangeKit): number {
  return Math.max(1, Math.min(call.deadline - kit.ports.clock.now(), 2 ** 31 - 1));
}
