import { FilterPattern } from 'aws-cdk-lib/aws-logs';
import type { FunctionName } from '#env/functions.ts';
import { type AlarmBell, PERIOD } from './alarm-bell.ts';
import type { AuditTrail } from './audit-trail.ts';
import type { HouseFunction } from './house-function.ts';
import type { ReviewDesk } from './review-desk.ts';

/** Rings when any function fails. */
export function watchFunctions(
  bell: AlarmBell,
  functions: Readonly<Record<string, HouseFunction<FunctionName>>>,
): void {
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

/** Rings when a policy that failed was passed by (`on_error: allow`). */
export function watchBypasses(
  bell: AlarmBell,
  environment: string,
  gateways: Readonly<Record<string, HouseFunction<'gateway'>>>,
): void {
  for (const [id, gateway] of Object.entries(gateways)) {
    const filter = gateway.functionLogs.addMetricFilter('Bypassed', {
      filterPattern: FilterPattern.literal('"policy.bypassed"'),
      metricNamespace: `Keeptrusts/${environment}`,
      metricName: `Bypassed${id}`,
      metricValue: '1',
    });
    bell.ringWhen(`${id}Bypassed`, {
      metric: filter.metric({ period: PERIOD, statistic: 'Sum' }),
      says: 'A policy failed and calls went on without it.',
      runbook: 'a-policy-is-bypassed',
    });
  }
}
