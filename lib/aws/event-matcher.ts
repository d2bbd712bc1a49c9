import type { LedgerEvent } from '#core/ledger/event.ts';
import type { EventFilter } from '#core/ports.ts';

/** Does an event pass a filter? Every part that is set must hold; times are bounds of `at`, inclusive. */
export function matchesFilter(event: LedgerEvent, filter: EventFilter): boolean {
  const { appId, verdict, provider, requestId } = filter;
  return (
    (appId === undefined || event.app_id === appId) &&
    (verdict === undefined || event.verdict === verdict) &&
    (provider === undefined || event.provider === provider) &&
    (requestId === undefined || event.request_id === requestId) &&
    outcomeIs(event, filter.outcome) &&
    modelIs(event, filter.model) &&
    policySpoke(event, filter.policy) &&
    within(event, filter.from, filter.to)
  );
}

/** `blocked` is short for `request.blocked`. */
function outcomeIs({ type }: LedgerEvent, outcome: string | undefined): boolean {
  return outcome === undefined || type === outcome || type === `request.${outcome}`;
}

function modelIs(event: LedgerEvent, model: string | undefined): boolean {
  return model === undefined || event.model_requested === model || event.model_used === model;
}

/** A policy that only allowed said nothing. */
function policySpoke({ policies }: LedgerEvent, kind: string | undefined): boolean {
  return kind === undefined || policies.some((record) => record.kind === kind && record.action !== 'allow');
}

function within({ at }: LedgerEvent, from: string | undefined, to: string | undefined): boolean {
  const time = Date.parse(at);
  return (from === undefined || time >= Date.parse(from)) && (to === undefined || time <= Date.parse(to));
}
