import { costOf } from '#core/cost/price.ts';
import { type Cost, completionTokens, NO_USAGE, promptTokens } from '#core/cost/usage.ts';
import type { Emitter } from '#core/ledger/chain.ts';
import { EVENT_SCHEMA, type LedgerEvent, type UnsealedEvent } from '#core/ledger/event.ts';
import { hmacHex } from '#core/text/hash.ts';
import { withoutCredentials } from '#core/text/without-credentials.ts';
import type { Ending, Exchange } from './exchange.ts';
import type { GatewayPorts } from './ports.ts';

/** Writes the one final event of an exchange. Resolves when the event is durable; never throws. */
export type RecordEnding = (exchange: Exchange, ending: Ending) => Promise<void>;

export function createRecord(ports: GatewayPorts, emitter: Emitter): RecordEnding {
  return async (exchange, ending) => {
    const final = finalEvent(exchange, ending, ports);
    const bypasses = exchange.bypassed.map((kind) => emitter.seal(bypassEvent(final, kind, ports)));
    const event = emitter.seal(final);
    noteOverrun(event, ports);
    for (const policy of exchange.bypassed) {
      ports.log.error('policy.bypassed', { request_id: exchange.requestId, policy });
    }
    const [tier] = await Promise.all([event, ...bypasses].map((each) => store(each, ports)));
    await Promise.all(exchange.leave.splice(0).map((leave) => leave().catch(() => undefined)));
    ports.log.info('call', callLine(event, tier ?? 'log'));
  };
}

async function store(event: LedgerEvent, ports: GatewayPorts): Promise<string> {
  try {
    return (await ports.events.send(event)).tier;
  } catch (error) {
    // The sink's last tier is the log; if even that threw, this line is the record.
    ports.log.error('event could not be stored', { replay: { event }, error: String(error) });
    return 'log';
  }
}

/** A call cost more than was set aside for it: the price table or a bound is wrong, and a budget may be overshot. */
function noteOverrun(
  { request_id, provider, model_requested, cost, budget }: LedgerEvent,
  ports: GatewayPorts,
) {
  const reserved = budget?.reserved_micros ?? 0;
  if (reserved === 0 || (cost.micros ?? 0) <= reserved) return;
  const fields = { request_id, provider, model: model_requested, cost_micros: cost.micros, reserved };
  ports.log.error('budget.overrun', fields);
}

/** A policy failed and was passed over: said in a record of its own, so that nobody has to look for it. */
function bypassEvent(final: UnsealedEvent, kind: string, ports: GatewayPorts): UnsealedEvent {
  const { cost, usage, attempts, policies, review_id, finish_reason, budget, ...rest } = final;
  return {
    ...rest,
    event_id: ports.ids.next(),
    type: 'policy.bypassed',
    attempts: [],
    policies: policies.filter((policy) => policy.kind === kind),
    usage: NO_USAGE,
    cost: { micros: 0, price_table: cost.price_table, reason: 'part of its call' },
    detail: kind,
  };
}

function finalEvent(exchange: Exchange, ending: Ending, ports: GatewayPorts): UnsealedEvent {
  const { caller, deployment, target } = exchange;
  return {
    schema: EVENT_SCHEMA,
    event_id: ports.ids.next(),
    request_id: exchange.requestId,
    type: ending.type,
    environment: deployment.environment,
    at: iso(exchange.startedAt),
    ...(exchange.firstByteAt === undefined ? {} : { first_byte_at: iso(exchange.firstByteAt) }),
    ended_at: iso(ports.clock.now()),
    app_id: caller.app.id,
    key_id: caller.keyId,
    auth: caller.auth,
    ...(exchange.endUser ? { subject: hmacHex(exchange.tenantKey, `subject\0${exchange.endUser}`) } : {}),
    ...(Object.keys(exchange.claims).length > 0 ? { claims: keyless(exchange.claims) } : {}),
    ...(exchange.claimConflict ? { claim_conflict: true } : {}),
    ...traceOf(exchange),
    route: exchange.route,
    stream: exchange.stream,
    model_requested: withoutCredentials(exchange.model),
    ...(exchange.modelUsed ? { model_used: exchange.modelUsed } : {}),
    ...(target ? { provider: target.vendor } : {}),
    ...(exchange.providerRequestId ? { provider_request_id: exchange.providerRequestId } : {}),
    attempts: exchange.attempts,
    gateway_version: deployment.version,
    pack: `${deployment.pack.name}@${deployment.pack.version}`,
    pack_hash: deployment.pack.hash,
    verdict: exchange.verdict,
    policies: exchange.policies,
    unscanned_parts: exchange.unscannedParts.slice(0, 100),
    ...(exchange.inputHmac ? { input_hmac: exchange.inputHmac } : {}),
    http_status: ending.status,
    ...(ending.errorCode ? { error_code: ending.errorCode } : {}),
    ...(ending.finishReason ? { finish_reason: ending.finishReason } : {}),
    complete: ending.complete,
    chars_in: exchange.charsIn,
    chars_out: exchange.charsOut,
    validation: exchange.validation,
    usage: exchange.usage,
    cost: cost(exchange),
    cost_tags: costTags(exchange),
    ...(exchange.hold ? { budget: exchange.hold } : {}),
    ...(exchange.reviewId ? { review_id: exchange.reviewId } : {}),
    ...(ending.detail ? { detail: ending.detail } : {}),
  };
}

/** What clients write beside the prompt: some paste their key there. */
function keyless(claims: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(claims).map(([name, claim]) => [name, withoutCredentials(claim)]));
}

function traceOf({ trace }: Exchange): Pick<UnsealedEvent, 'trace_id' | 'parent_span_id' | 'trace_sampled'> {
  const { traceId, parentSpanId, sampled } = trace;
  return {
    trace_id: traceId,
    ...(parentSpanId ? { parent_span_id: parentSpanId } : {}),
    ...(sampled ? {} : { trace_sampled: false }),
  };
}

/** Of the answer, of the models that judged it, and of calls nobody knows the end of. */
function cost(exchange: Exchange): Cost {
  const { givenUp, judgeCosts } = exchange;
  const judged = judgeCosts.reduce(
    (sum, judge) => plus(sum, judge.micros, 'with its judge'),
    exchange.cost ?? answerCost(exchange),
  );
  return givenUp.reduce(
    (sum, micros) => plus(sum, micros, 'with the worst case of a call that was given up'),
    judged,
  );
}

function answerCost(exchange: Exchange): Cost {
  const { deployment, target, usage } = exchange;
  const free = { micros: 0, price_table: deployment.prices.version };
  if (!target) return { ...free, reason: 'provider not called' };
  if (usage.source === 'none') return { ...free, reason: 'provider gave no answer' };
  return costOf(deployment.prices, target.vendor, target.provider_model, usage);
}

/** Another model, or another call, on the bill of the same exchange; of unknown price it makes the whole unknown. */
function plus(cost: Cost, micros: number | null, reason: string): Cost {
  if (cost.micros === null || micros === null) return { ...cost, micros: null, reason: 'unknown price' };
  return { ...cost, micros: cost.micros + micros, reason };
}

function costTags(exchange: Exchange): Record<string, string> {
  const app = exchange.deployment.apps.find(({ id }) => id === exchange.caller.app.id);
  const center = exchange.caller.app.costCenter ?? app?.cost_center;
  return {
    ...exchange.deployment.costTags,
    app: exchange.caller.app.id,
    env: exchange.deployment.environment,
    ...(center ? { 'cost-center': center } : {}),
  };
}

/** One line per call: ids, numbers, codes and what each policy said. */
function callLine(event: LedgerEvent, tier: string): Record<string, unknown> {
  return {
    request_id: event.request_id,
    trace_id: event.trace_id,
    type: event.type,
    app: event.app_id,
    key: event.key_id,
    model: event.model_requested,
    stream: event.stream,
    verdict: event.verdict,
    status: event.http_status,
    ...(event.error_code ? { error: event.error_code } : {}),
    ms: Date.parse(event.ended_at) - Date.parse(event.at),
    chain: event.policies.map(
      (policy) => `${policy.kind}/${policy.phase}:${policy.action} ${policy.latency_us}us`,
    ),
    tokens: promptTokens(event.usage) + completionTokens(event.usage),
    cost_micros: event.cost.micros,
    event_tier: tier,
  };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
