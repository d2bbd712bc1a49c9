import { env } from 'node:process';
import { dynamoReviewDesk } from '#aws/dynamo-review-desk.ts';
import { lambdaLog } from '#aws/lambda-log.ts';
import { lazyAnnouncer } from '#aws/lazy-announcer.ts';
import { sfnReviewFlow } from '#aws/sfn-review-flow.ts';
import { sqsEventSink } from '#aws/sqs-event-sink.ts';
import { systemClock } from '#aws/system-clock.ts';
import { ulidIds } from '#aws/ulid-ids.ts';
import { createEmitter } from '#core/ledger/chain.ts';
import { originOf } from '#core/ledger/origin.ts';
import { actRecorder } from '#core/ledger/plain-event.ts';
import { readEnvironment } from '#env/functions.ts';
import { readDeployment } from '#env/read-deployment.ts';
import { actOnReview } from '#review/act-on-review.ts';
import { reviewAnnouncer } from '#review/announce-review.ts';
import type { DecideAnswer } from '#review/answer.ts';
import type { ReviewPorts } from '#review/ports.ts';

const { STATE_TABLE, CONTENT_TABLE, EVENT_QUEUE_URL, EVENT_BUS, KT_ENV } = readEnvironment(
  'review-decide',
  env,
);
const log = lambdaLog({ always: { function: 'review-decide' } });

const ports: ReviewPorts = {
  desk: dynamoReviewDesk({ stateTable: STATE_TABLE, contentTable: CONTENT_TABLE }),
  flow: sfnReviewFlow(),
  record: actRecorder({
    ids: ulidIds,
    events: sqsEventSink({ queueUrl: EVENT_QUEUE_URL, log }),
    emitter: createEmitter(ulidIds.next()),
    origin: originOf(readDeployment()),
  }),
  clock: systemClock,
  log,
  announce: reviewAnnouncer(lazyAnnouncer(EVENT_BUS), { environment: KT_ENV, log }),
};

/** Called by the console and the sweeper with an act on a case (lib/review/act-on-review.ts); the one function that may resume a review. */
export async function handler(request: unknown): Promise<DecideAnswer> {
  return actOnReview(ports, request);
}
