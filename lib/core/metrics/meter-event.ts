import { TOKEN_CLASSES } from '#core/cost/usage.ts';
import type { LedgerEvent } from '#core/ledger/event.ts';
import type { EventSink, Metrics } from '#core/ports.ts';

/** Turns an ISO time into milliseconds: `Date.parse`. */
type Instant = (time: string) => number;

/** Counts every event on its way: what is measured is what is recorded. */
export function meteredSink(sink: EventSink, metrics: Metrics, instant: Instant): EventSink {
  return {
    async send(event) {
      const stored = await sink.send(event);
      metrics.count('keeptrusts_events_total', { type: event.type, tier: stored.tier });
      if (event.type.startsWith('request.')) meterCall(event, metrics, instant);
      metrics.flush();
      return stored;
    },
  };
}

/** Everything that is counted about a call, from its final event. */
function meterCall(event: LedgerEvent, metrics: Metrics, instant: Instant): void {
  const { app_id: app, route, verdict, at, first_byte_at, ended_at } = event;
  metrics.count('keeptrusts_requests_total', { app, route, verdict, status: String(event.http_status) });
  const timed = { route, stream: String(event.stream) };
  const seconds = (to: string) => Math.max(0, instant(to) - instant(at)) / 1000;
  // A call that was lost ended when somebody noticed, not when it ended.
  if (event.type !== 'request.outcome_unknown')
    metrics.observe('keeptrusts_request_seconds', timed, seconds(ended_at));
  if (first_byte_at !== undefined)
    metrics.observe('keeptrusts_first_byte_seconds', timed, seconds(first_byte_at));
  meterAttempts(event, metrics);
  meterPolicies(event, metrics);
  meterMoney(event, metrics);
}

function meterAttempts({ attempts }: LedgerEvent, metrics: Metrics): void {
  for (const { target, status, error, ms, at } of attempts) {
    metrics.count('keeptrusts_provider_attempts_total', {
      target,
      status: String(status ?? error ?? 'none'),
    });
    if (at !== undefined) metrics.observe('keeptrusts_provider_seconds', { target }, ms / 1000);
  }
}

function meterPolicies({ policies }: LedgerEvent, metrics: Metrics): void {
  for (const { kind: policy, phase, action, latency_us, error } of policies) {
    metrics.observe('keeptrusts_policy_seconds', { policy, phase }, latency_us / 1e6);
    metrics.count('keeptrusts_policy_actions_total', { policy, phase, action });
    if (error !== undefined) metrics.count('keeptrusts_policy_errors_total', { policy, phase });
  }
}

/** Only where a provider was called: the model is one of the pack's then, and not whatever a client wrote. */
function meterMoney(event: LedgerEvent, metrics: Metrics): void {
  if (event.attempts.length === 0) return;
  const { app_id: app, model_requested: model, cost, usage } = event;
  for (const kind of TOKEN_CLASSES) {
    const count = usage[kind];
    if (count) metrics.count('keeptrusts_tokens_total', { app, model, kind }, count);
  }
  if (cost.micros === null) metrics.count('keeptrusts_unpriced_total', { app, model });
  else metrics.count('keeptrusts_cost_micros_total', { app, model }, cost.micros);
}
