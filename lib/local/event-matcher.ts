import { isObject, type Json, type JsonObject } from '#core/json.ts';
import type { EventFilter } from '#core/ports.ts';

type Test = (event: JsonObject) => boolean;

/** A test for one stored event; every filter that is set must hold. Times are compared as instants. */
export function eventMatcher(filter: EventFilter): (event: JsonObject) => boolean {
  const tests = [
    equals('app_id', filter.appId),
    equals('verdict', filter.verdict),
    filter.outcome === undefined ? undefined : outcomeIs(filter.outcome),
    equals('provider', filter.provider),
    equals('request_id', filter.requestId),
    filter.model === undefined ? undefined : modelIs(filter.model),
    filter.policy === undefined ? undefined : policySpoke(filter.policy),
    within(filter.from, filter.to),
  ].filter((test): test is Test => test !== undefined);
  return (event) => tests.every((test) => test(event));
}

function equals(field: string, wanted: string | undefined): Test | undefined {
  return wanted === undefined ? undefined : (event) => event[field] === wanted;
}

/** `blocked` is short for `request.blocked`. */
function outcomeIs(wanted: string): Test {
  return ({ type }) => type === wanted || type === `request.${wanted}`;
}

function modelIs(wanted: string): Test {
  return (event) => event['model_requested'] === wanted || event['model_used'] === wanted;
}

/** A policy that only allowed has nothing to say. */
function policySpoke(kind: string): Test {
  const spoke = (record: Json) => isObject(record) && record['kind'] === kind && record['action'] !== 'allow';
  return ({ policies }) => Array.isArray(policies) && policies.some(spoke);
}

function within(from: string | undefined, to: string | undefined): Test {
  const first = from === undefined ? Number.NEGATIVE_INFINITY : Date.parse(from);
  const last = to === undefined ? Number.POSITIVE_INFINITY : Date.parse(to);
  return ({ at }) => {
    const time = typeof at === 'string' ? Date.parse(at) : Number.NaN;
    return time >= first && time <= last;
  };
}
