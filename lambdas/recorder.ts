import { env } from 'node:process';
import middy from '@middy/core';
import sqsPartialBatchFailure from '@middy/sqs-partial-batch-failure';
import type { SQSEvent } from 'aws-lambda';
import { budgetWarnings } from '#aws/budget-warnings.ts';
import { dynamoIntentStore } from '#aws/dynamo-intent-log.ts';
import { dynamoLedger } from '#aws/dynamo-ledger.ts';
import { keyUse } from '#aws/key-use.ts';
import { lambdaLog } from '#aws/lambda-log.ts';
import { lazyAnnouncer } from '#aws/lazy-announcer.ts';
import { recordBatch } from '#aws/record-batch.ts';
import { ulidIds } from '#aws/ulid-ids.ts';
import { originOf } from '#core/ledger/origin.ts';
import { readEnvironment } from '#env/functions.ts';
import { readDeployment } from '#env/read-deployment.ts';

const { LEDGER_TABLE, STATE_TABLE, EVENT_BUS } = readEnvironment('recorder', env);
const deployment = readDeployment();
const { environment, retentionDays } = deployment;
const log = lambdaLog({ always: { function: 'recorder' } });

const tables = { environment, ledgerTable: LEDGER_TABLE, stateTable: STATE_TABLE, retentionDays };
const ports = {
  environment,
  ledger: dynamoLedger(tables),
  warnings: budgetWarnings({
    ...tables,
    ids: ulidIds,
    origin: originOf(deployment),
    announcer: lazyAnnouncer(EVENT_BUS),
    log,
  }),
  keyUse: keyUse({ table: STATE_TABLE }),
  intents: dynamoIntentStore({ table: STATE_TABLE }),
};

function logger(error: unknown, { messageId }: { messageId?: string }): void {
  log.error('a message was not recorded and will be delivered again', { message_id: messageId, error });
}

/** Takes batches of the event queue; what could not be recorded is delivered again, and only that. */
export const handler = middy<SQSEvent>()
  .use(sqsPartialBatchFailure({ logger }))
  .handler(({ Records }) =>
    recordBatch(
      ports,
      Records.map(({ body }) => body),
    ),
  );
