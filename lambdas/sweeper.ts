import { env } from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { dynamoOpenCalls } from '#aws/dynamo-open-calls.ts';
import { dynamoReviewDesk } from '#aws/dynamo-review-desk.ts';
import { lambdaLog } from '#aws/lambda-log.ts';
import { lazyAnnouncer } from '#aws/lazy-announcer.ts';
import { lazyReviewFlow } from '#aws/lazy-review-flow.ts';
import { restingAnnouncer } from '#aws/resting-announcer.ts';
import { sqsEventSink } from '#aws/sqs-event-sink.ts';
import { type Sweep, sweepCalls } from '#aws/sweep-calls.ts';
import { systemClock } from '#aws/system-clock.ts';
import { ulidIds } from '#aws/ulid-ids.ts';
import { createEmitter } from '#core/ledger/chain.ts';
import { originOf } from '#core/ledger/origin.ts';
import { actRecorder } from '#core/ledger/plain-event.ts';
import { readEnvironment } from '#env/functions.ts';
import { readDeployment } from '#env/read-deployment.ts';
import { reviewAnnouncer } from '#review/announce-review.ts';
import type { TellRequest } from '#review/messages.ts';
import { type ReviewSweep, sweepReviews } from '#review/sweep-reviews.ts';

const {
  KT_ENV,
  STATE_TABLE,
  CONTENT_TABLE,
  EVENT_QUEUE_URL,
  REVIEW_MACHINE_ARN,
  REVIEW_DECIDE_FUNCTION,
  EVENT_BUS,
} = readEnvironment('sweeper', env);
const log = lambdaLog({ always: { function: 'sweeper' } });

const ports = {
  calls: dynamoOpenCalls({ table: STATE_TABLE }),
  events: sqsEventSink({ queueUrl: EVENT_QUEUE_URL, log }),
  ids: ulidIds,
  clock: systemClock,
  origin: originOf(readDeployment()),
};

const reviewPorts = {
  desk: dynamoReviewDesk({ stateTable: STATE_TABLE, contentTable: CONTENT_TABLE }),
  flow: lazyReviewFlow(async () => {
    const { sfnReviewFlow } = await import('#aws/sfn-review-flow.ts');
    return sfnReviewFlow({ machineArn: REVIEW_MACHINE_ARN });
  }),
  record: actRecorder({ ...ports, emitter: createEmitter(ulidIds.next()) }),
  clock: systemClock,
  log,
  announce: reviewAnnouncer(restingAnnouncer(lazyAnnouncer(EVENT_BUS)), { environment: KT_ENV, log }),
  async tell(request: TellRequest) {
    const { lambdaInvoke } = await import('#aws/lambda-invoke.ts');
    return lambdaInvoke(REVIEW_DECIDE_FUNCTION, request);
  },
  wait: (ms: number) => sleep(ms),
};

/** Called every minute. */
export async function handler(): Promise<Sweep & ReviewSweep> {
  const calls = await sweepCalls(ports);
  const sweep = { ...calls, ...(await sweepReviews(reviewPorts)) };
  if (Object.values(sweep).some((count) => count > 0)) log.info('swept', sweep);
  return sweep;
}
