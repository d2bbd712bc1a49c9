import { afterAll, beforeAll } from '@jest/globals';
import { sqsContract } from '../../contracts/aws/sqs.ts';
import { startTestServices } from '../../support/services.ts';

let running: Awaited<ReturnType<typeof startTestServices>>;
beforeAll(async () => {
  running = await startTestServices();
});
afterAll(() => running.close());

const endpoint = (): string => running.endpoint;
sqsContract(endpoint);
