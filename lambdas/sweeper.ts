import { env } from 'node:process';
import { dynamoOpenCalls } from '#aws/dynamo-open-calls.ts';
import { lambdaLog } from '#aws/lambda-log.ts';
import { sqsEventSink } from '#aws/sqs-event-sink.ts';
import { type Sweep, sweepCalls } from '#aws/sweep-calls.ts';
import { systemClock } from '#aws/system-clock.ts';
import { ulidIds } from '#aws/ulid-ids.ts';
import { originOf } from '#core/ledger/origin.ts';
import { readEnvironment } from '#env/functions.ts';
import { readDeployment } from '#env/read-deployment.ts';

const { STATE_TABLE, EVENT_QUEUE_URL } = readEnvironment('sweeper', env);
const log = lambdaLog({ always: { function: 'sweeper' } });

const ports = {
  calls: dynamoOpenCalls({ table: STATE_TABLE }),
  events: sqsEventSink({ queueUrl: EVENT_QUEUE_URL, log }),
  ids: ulidIds,
  clock: systemClock,
  origin: originOf(readDeployment()),
};

/** Called every minute. */
export async function handler(): Promise<Sweep> {
  const sweep = await sweepCalls(ports);
  if (sweep.lost + sweep.recounted + sweep.acts > 0) log.info('swept', { ...sweep });
  return sweep;
}
