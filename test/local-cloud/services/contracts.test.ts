import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe } from '@jest/globals';
import { dynamoContract } from '../../contracts/aws/dynamodb.ts';
import { eventsContract } from '../../contracts/aws/events.ts';
import { lambdaInvokeContract } from '../../contracts/aws/lambda-invoke.ts';
import { secretsContract } from '../../contracts/aws/secrets.ts';
import { sqsContract } from '../../contracts/aws/sqs.ts';
import { startTestServices } from '../../support/services.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'kt-services-'));
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

describe.each([
  ['in memory', {}],
  ['on disk', { dataDir }],
])('%s', (_where, options) => {
  let running: Awaited<ReturnType<typeof startTestServices>>;
  beforeAll(async () => {
    running = await startTestServices({ ...options, ttlSweepMs: 100 });
  });
  afterAll(() => running.close());

  const endpoint = (): string => running.endpoint;
  dynamoContract(endpoint);
  sqsContract(endpoint);
  secretsContract(endpoint);
  eventsContract(endpoint);
  lambdaInvokeContract(endpoint, (invoker) => running.services.setInvoker(invoker));
});
