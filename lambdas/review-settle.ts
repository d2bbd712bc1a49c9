import { env } from 'node:process';
import { dynamoReviewDesk } from '#aws/dynamo-review-desk.ts';
import { lambdaLog } from '#aws/lambda-log.ts';
import { lazyAnnouncer } from '#aws/lazy-announcer.ts';
import { sqsEventSink } from '#aws/sqs-event-sink.ts';
import { systemClock } from '#aws/system-clock.ts';
import { ulidIds } from '#aws/ulid-ids.ts';
import { createEmitter } from '#core/ledger/chain.ts';
import { originOf } from '#core/ledger/origin.ts';
import { actRecorder } from '#core/ledger/plain-event.ts';
import { readEnvironment } from '#env/functions.ts';
import { readDeployment } from '#env/read-deployment.ts';
import { reviewAnnouncer } from '#review/announce-review.ts';
import { type Settled, settleReview } from '#review/settle-review.ts';

const { STATE_TABLE, CONTENT_TABLE, EVENT_QUEUE_URL, EVENT_BUS, KT_ENV } = readEnvironment(
  'review-settle',
  env,
);
const log = lambdaLog({ always: { function: 'review-settle' } });

const ports = {
  desk: dynamoReviewDesk({ stateTable: STATE_TABLE, contentTable: CONTENT_TABLE }),
  record: actRecorder({
    ids: ulidIds,
    events: sqsEventSink({ queueUrl: EVENT_QUEUE_URL, log }),
    emitter: createEmitter(ulidIds.next()),
    origin: originOf(readDeployment()),
  }),
  clock: systemClock,
  announce: reviewAnnouncer(lazyAnnouncer(EVENT_BUS), { environment: KT_ENV, log }),
};

/** Called by the state machine at its end as `{ caseId, outcome }`. */
export async function handler(message: unknown): Promise<Settled> {
  return settleReview(ports, message);
}
