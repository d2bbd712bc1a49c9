import { completionTokens, promptTokens } from '#core/cost/usage.ts';
import type { Attempt, LedgerEvent } from '#core/ledger/event.ts';
import { attemptSpanId, callSpanId } from './trace.ts';

/** A value of an attribute. Numbers are whole. */
type Value = string | number | boolean | readonly string[];
export type Attributes = Readonly<Record<string, Value>>;

/** A span as OpenTelemetry understands it; times are milliseconds since the epoch. */
export interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: 'server' | 'client';
  readonly start: number;
  readonly end: number;
  readonly attributes: Attributes;
  readonly events: readonly { readonly name: string; readonly at: number; readonly attributes: Attributes }[];
  readonly failed: boolean;
}

/** Turns an ISO time into milliseconds: `Date.parse`. */
type Instant = (time: string) => number;

/**
 * The spans of a call, made of its final event: the call itself, and below it each attempt at a provider. Attributes follow the
 * GenAI conventions of OpenTelemetry (status Development, July 2026) and hold ids, names, codes and counts: never a text.
 * https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-spans/
 */
export function spansOf(event: LedgerEvent, instant: Instant): Span[] {
  const { trace_id: traceId, trace_sampled = true } = event;
  if (traceId === undefined || !trace_sampled || !event.type.startsWith('request.')) return [];
  return [callSpan(event, traceId, instant), ...attemptSpans(event, traceId, instant)];
}

function callSpan(event: LedgerEvent, traceId: string, instant: Instant): Span {
  const { parent_span_id: parentSpanId, error_code } = event;
  const end = instant(event.ended_at);
  return {
    traceId,
    spanId: callSpanId(event.request_id),
    ...(parentSpanId === undefined ? {} : { parentSpanId }),
    name: `gateway ${operationOf(event)} ${event.model_requested}`.trim(),
    kind: 'server',
    start: instant(event.at),
    end,
    attributes: {
      ...genAi(event),
      ...answered(event),
      'http.request.method': 'POST',
      'http.route': event.route,
      'http.response.status_code': event.http_status,
      ...(error_code === undefined ? {} : { 'error.type': error_code }),
      'keeptrusts.request_id': event.request_id,
      'keeptrusts.app': event.app_id,
      'keeptrusts.outcome': event.type,
      'keeptrusts.verdict': event.verdict,
      'keeptrusts.pack': event.pack,
      ...(event.cost.micros === null ? {} : { 'keeptrusts.cost_micros': event.cost.micros }),
    },
    events: event.policies.map(({ kind, phase, action, latency_us }) => ({
      name: 'keeptrusts.policy',
      at: phase === 'input' ? instant(event.at) : end,
      attributes: {
        'keeptrusts.policy': kind,
        'keeptrusts.phase': phase,
        'keeptrusts.action': action,
        'keeptrusts.latency_us': latency_us,
      },
    })),
    failed: event.http_status >= 500 || event.type === 'request.failed',
  };
}

/** Targets that were passed over made no call and have no span. */
function attemptSpans(event: LedgerEvent, traceId: string, instant: Instant): Span[] {
  return event.attempts.flatMap((attempt, index) =>
    attempt.at === undefined ? [] : [attemptSpan(event, attempt, index, traceId, instant)],
  );
}

function attemptSpan(
  event: LedgerEvent,
  { target, status, error, ms, at = event.at }: Attempt,
  index: number,
  traceId: string,
  instant: Instant,
): Span {
  const begun = instant(at);
  // The last one went on until the answer was whole.
  const served = index === event.attempts.length - 1 && status === 200;
  return {
    traceId,
    spanId: attemptSpanId(event.request_id, index),
    parentSpanId: callSpanId(event.request_id),
    name: `${operationOf(event)} ${event.model_requested}`.trim(),
    kind: 'client',
    start: begun,
    end: served ? Math.max(begun + ms, instant(event.ended_at)) : begun + ms,
    attributes: {
      ...genAi(event),
      ...(served ? answered(event) : {}),
      'keeptrusts.target': target,
      ...(status === null ? {} : { 'http.response.status_code': status }),
      ...(error === undefined ? {} : { 'error.type': error }),
    },
    events: [],
    failed: error !== undefined,
  };
}

function genAi(event: LedgerEvent): Attributes {
  return {
    'gen_ai.operation.name': operationOf(event),
    'gen_ai.request.model': event.model_requested,
    ...(event.provider === undefined ? {} : { 'gen_ai.provider.name': providerName(event.provider) }),
  };
}

function answered({ usage, model_used, finish_reason, provider_request_id }: LedgerEvent): Attributes {
  return {
    ...(model_used === undefined ? {} : { 'gen_ai.response.model': model_used }),
    ...(provider_request_id === undefined ? {} : { 'gen_ai.response.id': provider_request_id }),
    ...(finish_reason === undefined ? {} : { 'gen_ai.response.finish_reasons': [finish_reason] }),
    ...(usage.source === 'none'
      ? {}
      : {
          'gen_ai.usage.input_tokens': promptTokens(usage),
          'gen_ai.usage.output_tokens': completionTokens(usage),
        }),
  };
}

const OPERATIONS: Readonly<Record<string, string>> = {
  '/chat/completions': 'chat',
  '/completions': 'text_completion',
};

/** The conventions name some operations; the others are called as their route. */
function operationOf({ route }: LedgerEvent): string {
  const path = route.replace(/^\/v1/, '');
  return OPERATIONS[path] ?? path.split('/').filter(Boolean).join('_');
}

const PROVIDERS: Readonly<Record<string, string>> = {
  'azure-openai': 'azure.ai.openai',
  azure: 'azure.ai.openai',
  bedrock: 'aws.bedrock',
  mistral: 'mistral_ai',
  xai: 'x_ai',
};

function providerName(provider: string): string {
  return PROVIDERS[provider] ?? provider;
}
