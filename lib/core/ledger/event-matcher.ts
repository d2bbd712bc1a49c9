import { isObject } from '#core/json.ts';
import type { EventFilter } from '#core/ports.ts';

/** An event as it was stored: checked against its schema only when it matches. */
type StoredEvent = Readonly<Record<string, unknown>>;
type Test = (event: StoredEvent) => boolean;

/**
 * A test for one stored event; every filter that is set must hold, times are inclusive bounds of `at`. `instant` turns an
 * ISO time into a number (`Date.parse`): two spellings of one instant are equal.
 */
export function eventMatcher(filter: EventFilter, instant: (time: string) => number): Test {
  const tests = [
    equals('app_id', filter.appId),
    filter.appIds && appIn(filter.appIds),
    equals('verdict', filter.verdict),
    filter.outcome === undefined ? undefined : outcomeIs(filter.outcome),
    equals('provider', filter.provider),
    equals('request_id', filter.requestId),
    equals('subject', filter.subject),
    equals('key_id', filter.keyId),
    filter.model === undefined ? undefined : modelIs(filter.model),
    policySpoke(filter),
    within(filter.from, filter.to, instant),
  ].filter((test): test is Test => test !== undefined);
  return (event) => tests.every((test) => test(event));
}

function equals(field: string, wanted: string | undefined): Test | undefined {
  return wanted === undefined ? undefined : (event) => event[field] === wanted;
}

function appIn(wanted: readonly string[]): Test {
  return ({ app_id }) => wanted.some((app) => app === app_id);
}

/** `blocked` is short for `request.blocked`. */
function outcomeIs(wanted: string): Test {
  return ({ type }) => type === wanted || type === `request.${wanted}`;
}

function modelIs(wanted: string): Test {
  return (event) => event['model_requested'] === wanted || event['model_used'] === wanted;
}

/** A policy that only allowed has nothing to say. Without a wanted policy the reason may be the error's code, too. */
function policySpoke({ policy, reason }: EventFilter): Test | undefined {
  if (policy === undefined && reason === undefined) return undefined;
  const spoke = (record: unknown) =>
    isObject(record) &&
    record['action'] !== 'allow' &&
    (policy === undefined || record['kind'] === policy) &&
    (reason === undefined || record['reason'] === reason);
  const failed = (code: unknown) => policy === undefined && code === reason;
  return ({ policies, error_code }) =>
    failed(error_code) || (Array.isArray(policies) && policies.some(spoke));
}

function within(
  from: string | undefined,
  to: string | undefined,
  instant: (time: string) => number,
): Test | undefined {
  if (from === undefined && to === undefined) return undefined;
  const first = from === undefined ? Number.NEGATIVE_INFINITY : instant(from);
  const last = to === undefined ? Number.POSITIVE_INFINITY : instant(to);
  return ({ at }) => {
    const time = typeof at === 'string' ? instant(at) : Number.NaN;
    return time >= first && time <= last;
  };
}
