import { afterAll, beforeAll } from '@jest/globals';
import { statesContract } from '../../../contracts/aws/states.ts';
import { startTestServices } from '../../../support/services.ts';

let running: Awaited<ReturnType<typeof startTestServices>>;
beforeAll(async () => {
  running = await startTestServices();
});
afterAll(() => running.close());

statesContract(
  () => running.endpoint,
  (invoker) => running.services.setInvoker(invoker),
);
