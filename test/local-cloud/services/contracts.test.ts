import { afterAll, beforeAll } from '@jest/globals';
import { dynamoContract } from '../../contracts/aws/dynamodb.ts';
import { lambdaInvokeContract } from '../../contracts/aws/lambda-invoke.ts';
import { secretsContract } from '../../contracts/aws/secrets.ts';
import { sqsContract } from '../../contracts/aws/sqs.ts';
import { startTestServices } from '../../support/services.ts';

let running: Awaited<ReturnType<typeof startTestServices>>;
beforeAll(async () => {
  running = await startTestServices({ ttlSweepMs: 100 });
});
afterAll(() => running.close());

const endpoint = (): string => running.endpoint;
dynamoContract(endpoint);
sqsContract(endpoint);
secretsContract(endpoint);
lambdaInvokeContract(endpoint, (invoker) => running.services.setInvoker(invoker));
