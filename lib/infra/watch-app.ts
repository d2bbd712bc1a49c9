import { Stack } from 'aws-cdk-lib';
import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { FilterPattern } from 'aws-cdk-lib/aws-logs';
import type { FunctionName } from '#env/functions.ts';
import { type AlarmBell, PERIOD } from './alarm-bell.ts';
import type { AuditTrail } from './audit-trail.ts';
import type { HouseFunction } from './house-function.ts';
import type { NoticeBoard } from './notice-board.ts';
import type { ReviewDesk } from './review-desk.ts';

/** Functions by the name that their alarms carry. */
type Functions = Readonly<Record<string, HouseFunction<FunctionName>>>;

/** Rings when any function fails. */
export function watchFunctions(bell: AlarmBell, functions: Functions): void {
  for (const [id, watched] of Object.entries(functions)) {
    bell.ringWhen(`${id}Errors`, {
      metric: watched.metricErrors({ period: PERIOD }),
      says: `The function ${id} failed.`,
      runbook: 'a-function-fails',
    });
  }
}

/** Rings when events do not reach the ledger. */
export function watchTrail(bell: AlarmBell, trail: AuditTrail): void {
  bell.ringWhen('DeadLetters', {
    metric: trail.deadLetters.metricApproximateNumberOfMessagesVisible({
      period: PERIOD,
      statistic: 'Maximum',
    }),
    says: 'Events could not be recorded and wait in the dead letter queue.',
    runbook: 'events-in-the-dead-letter-queue',
  });
  bell.ringWhen('EventsLate', {
    metric: trail.queue.metricApproximateAgeOfOldestMessage({ period: PERIOD, statistic: 'Maximum' }),
    at: 300,
    says: 'The oldest event waits for the recorder for five minutes or more.',
    runbook: 'events-are-late',
  });
}

/** Rings when a review ends in a way no person chose. */
export function watchReviews(bell: AlarmBell, { machine }: ReviewDesk): void {
  bell.ringWhen('ReviewsFailed', {
    metric: machine.metricFailed({ period: PERIOD }),
    says: 'A review could not be opened or settled.',
    runbook: 'a-review-fails',
  });
  bell.ringWhen('ReviewsTimedOut', {
    metric: machine.metricTimedOut({ period: PERIOD }),
    says: 'A review outlived the state machine itself.',
    runbook: 'a-review-fails',
  });
}

/** What functions say in their logs when a call went on without one of its policies. */
const BYPASSED = ['policy.bypassed'];
/** … when the breaker of a target opened … */
const CIRCUIT_OPENED = ['circuit opened'];
/** … when a detector that a policy asks did not let the gateway in … */
const DETECTOR_REFUSED = ['remote detector refused'];
/** … and when an event reached neither queue nor table. */
const UNRECORDED = ['event stored nowhere', 'event could not be stored'];

/** Rings when a policy that failed was passed by (`on_error: allow`). */
export function watchBypasses(bell: AlarmBell, gateways: Functions): void {
  bell.ringWhen('Bypassed', {
    metric: linesOf(gateways, 'Bypassed', BYPASSED),
    says: 'A policy failed and calls went on without it.',
    runbook: 'a-policy-is-bypassed',
  });
}

/** Rings when a provider failed so often that a gateway left it alone for a while. */
export function watchProviders(bell: AlarmBell, gateways: Functions): void {
  bell.ringWhen('CircuitOpened', {
    metric: linesOf(gateways, 'CircuitOpened', CIRCUIT_OPENED),
    says: 'A provider failed too often and is left alone for a while.',
    runbook: 'a-provider-fails',
  });
}

/** Rings when a detector elsewhere refuses the gateway: calls are blocked until somebody looks, whatever `on_error` says. */
export function watchDetectors(bell: AlarmBell, gateways: Functions): void {
  bell.ringWhen('DetectorRefused', {
    metric: linesOf(gateways, 'DetectorRefused', DETECTOR_REFUSED),
    says: 'A remote detector refuses the gateway, so calls are blocked.',
    runbook: 'a-remote-detector-refuses',
  });
}

/** Rings when a log line is the only place where an event stands. */
export function watchRecords(bell: AlarmBell, functions: Functions): void {
  bell.ringWhen('Unrecorded', {
    metric: linesOf(functions, 'Unrecorded', UNRECORDED),
    says: 'An event stands in a log only.',
    runbook: 'an-event-is-in-the-log-only',
  });
}

/** Rings when a budget has reached one of its percentages, and when a call cost more than was reserved for it. */
export function watchBudgets(bell: AlarmBell, gateways: Functions, recorder: Functions): void {
  bell.ringWhen('BudgetWarned', {
    metric: linesOf(recorder, 'BudgetWarned', ['budget.warned']),
    says: 'A budget has reached a percentage that is to be told.',
    runbook: 'a-budget-is-nearly-spent',
  });
  bell.ringWhen('BudgetOverrun', {
    metric: linesOf(gateways, 'BudgetOverrun', ['budget.overrun']),
    says: 'A call cost more than its worst case.',
    runbook: 'a-call-costs-more-than-its-worst-case',
  });
}

/** Rings when an announcement did not reach the bus, and when the bus could not hand one to the topic. */
export function watchAnnouncements(bell: AlarmBell, notices: NoticeBoard, announcers: Functions): void {
  bell.ringWhen('Unannounced', {
    metric: linesOf(announcers, 'Unannounced', ['announcement failed']),
    says: 'A budget warning or a review was not announced.',
    runbook: 'an-announcement-fails',
  });
  bell.ringWhen('NoticesUndelivered', {
    metric: notices.metricUndelivered({ period: PERIOD }),
    says: 'An announcement did not reach the topic that people subscribe to.',
    runbook: 'an-announcement-fails',
  });
}

/** Counts the lines that have one of the texts, over the logs of all the functions. */
function linesOf(functions: Functions, metricName: string, texts: readonly string[]): IMetric {
  const filters = Object.values(functions).map((fn) =>
    fn.functionLogs.addMetricFilter(metricName, {
      filterPattern: FilterPattern.anyTerm(...texts),
      metricNamespace: `Keeptrusts/${Stack.of(fn).stackName}`,
      metricName,
      metricValue: '1',
    }),
  );
  const [first] = filters;
  if (!first) throw new Error(`no function is watched for ${metricName}`);
  return first.metric({ period: PERIOD, statistic: 'Sum' });
}
