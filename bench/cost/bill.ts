import type { Kind, Measured, Use } from './measured.ts';
import { KINDS } from './measured.ts';
import { add, type Units } from './prices.ts';

/** What a bill assumes beyond what was counted. */
export interface Assumptions {
  /** Share of each kind of call; they add up to 1. */
  readonly mix: { readonly [kind in Kind]: number };
  /** How long the provider takes; the function waits and is billed meanwhile. */
  readonly providerSeconds: { readonly [kind in Kind]: number };
  /** Share of calls that start a new execution environment. */
  readonly cold: number;
  readonly ledgerMonths: number;
  readonly stateMonths: number;
  readonly logMonths: number;
}

export const ASSUMED: Assumptions = {
  mix: { plain: 0.2, budgeted: 0.2, streamed: 0.5, blocked: 0.09, held: 0.01 },
  providerSeconds: { plain: 3, budgeted: 3, streamed: 8, blocked: 0, held: 3 },
  cold: 0.01,
  ledgerMonths: 12,
  stateMonths: 1,
  logMonths: 0.5,
};

const GB = 2 ** 30;
const SECONDS_OF_MONTH = 730 * 3600;
/** Lambda keeps five pollers on a queue, each waits 20 s: three requests a minute. */
const POLLS_OF_MONTH = 5 * 3 * 60 * 730;
/** DynamoDB asks KMS at most every five minutes for each role that reads or writes. */
const KMS_OF_ROLE = SECONDS_OF_MONTH / 300;
/** X-Ray's default rule: the first call of a second, and this share of the others. */
const TRACED = 0.05;
/** Roles that use the table with the customer managed key. */
const CONTENT_ROLES = 3;

/** A bill, cut as a reader asks: the parts add up to the whole. */
export interface Bill {
  readonly waiting: Units;
  readonly calls: Units;
  readonly storage: Units;
  readonly standing: Units;
}

export function billOf(measured: Measured, calls: number, assumed: Assumptions = ASSUMED): Bill {
  let waiting: Units = {};
  let used: Units = {};
  let storage: Units = {};
  for (const kind of KINDS) {
    const times = calls * assumed.mix[kind];
    waiting = add(waiting, waitingOf(measured.kinds[kind], assumed.providerSeconds[kind]), times);
    used = add(used, unitsOf(measured.kinds[kind]), times);
    storage = add(storage, storageOf(measured.kinds[kind], assumed), times);
  }
  used = add(used, unitsOf(measured.cold), calls * assumed.cold);
  return {
    waiting,
    calls: add(used, { traces: 2 * tracesOf(calls) }), // the recorder's runs are traced too, at most as often
    storage,
    standing: standingOf(measured),
  };
}

export function total({ waiting, calls, storage, standing }: Bill): Units {
  return [waiting, calls, storage, standing].reduce((sum, part) => add(sum, part));
}

/** What a call uses by itself, with a provider that answers at once. */
export function unitsOf({
  operations,
  functions,
  logBytes,
  answerBytes,
  promptBytes,
  transitions,
}: Use): Units {
  const sum = (count: (operation: Use['operations'][number]) => number) =>
    operations.reduce((all, one) => all + count(one), 0);
  const times = (name: string) => sum((one) => (one.name.startsWith(name) ? one.times : 0));
  const recorder = functions.find(({ component }) => component === 'audit-trail')?.times ?? 0;
  return {
    lambdaGbSeconds: functions.reduce((all, fn) => all + (fn.memoryMb / 1024) * (fn.ms / 1000) * fn.times, 0),
    lambdaRequests: functions.reduce((all, fn) => all + fn.times, 0),
    dynamoReads: sum(({ reads }) => reads),
    dynamoWrites: sum(({ writes }) => writes),
    // Lambda receives and deletes for the recorder: two requests a batch.
    sqsRequests: times('SQS ') + 2 * recorder,
    stepTransitions: transitions,
    busEvents: times('EventBridge '),
    // The rule hands each announcement to the topic; mails that subscribers get are not in it.
    topicRequests: times('EventBridge '),
    secretCalls: times('Secrets Manager '),
    logGb: logBytes / GB,
    internetGb: (answerBytes + promptBytes) / GB,
  };
}

/** Services that were called and have no price here; StartExecution, SendTaskSuccess and Invoke cost nothing beside what they start. */
export function unpriced(uses: readonly Use[]): string[] {
  const names = uses.flatMap(({ operations }) => operations.map(({ name }) => name));
  return [...new Set(names)].filter((name) => !PRICED.some((service) => name.startsWith(service)));
}

const PRICED = ['DynamoDB ', 'SQS ', 'Secrets Manager ', 'Step Functions ', 'EventBridge ', 'Lambda Invoke'];

/** GB-seconds in which a gateway only waits for its provider. */
export function waitingOf({ functions }: Use, seconds: number): Units {
  const memoryMb = functions.find(({ component }) => component === 'gateway')?.memoryMb ?? 0;
  return { lambdaGbSeconds: (memoryMb / 1024) * seconds };
}

/** What is kept once everything has been kept for its whole time. */
function storageOf({ operations, logBytes }: Use, assumed: Assumptions): Units {
  const kept = operations.map(({ name, stored }) => {
    const months = name.endsWith(' Ledger') ? assumed.ledgerMonths : assumed.stateMonths;
    return (Math.max(0, stored) * months) / GB;
  });
  const dynamo = kept.reduce((sum, one) => sum + one, 0);
  return {
    dynamoGbMonths: dynamo,
    dynamoRecoveryGbMonths: dynamo,
    logGbMonths: (logBytes / GB) * assumed.logMonths,
  };
}

function standingOf({ standing, sweep, metrics }: Measured): Units {
  const fixed: Units = {
    kmsKeyMonths: standing.kmsKeys,
    kmsRequests: standing.kmsKeys * CONTENT_ROLES * KMS_OF_ROLE,
    secretMonths: standing.secrets,
    alarmMonths: standing.alarms,
    metricMonths: metrics,
    sqsRequests: standing.eventSources * POLLS_OF_MONTH,
    traces: standing.scheduledRuns,
  };
  return add(fixed, unitsOf(sweep), standing.scheduledRuns);
}

/** At most: calls spread evenly, so that each second's first one is traced. */
function tracesOf(calls: number): number {
  const first = Math.min(calls, SECONDS_OF_MONTH);
  return first + (calls - first) * TRACED;
}
