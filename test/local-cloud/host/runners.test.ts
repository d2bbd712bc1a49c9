import { join } from 'node:path';
import { createInProcessRunner } from '../../../lib/local-cloud/lambda/in-process-runner.ts';
import type { LambdaHandler } from '../../../lib/local-cloud/lambda/invocation.ts';
import { createProcessRunner } from '../../../lib/local-cloud/lambda/process-runner.ts';
import type { FunctionSpec } from '../../../lib/local-cloud/lambda/runner.ts';
import { lambdaRuntimeContract } from '../../contracts/lambda-runtime.ts';

const assets = join(__dirname, '../../fixtures/functions');
const arn = 'arn:aws:lambda:eu-central-1:000000000000:function:rows';

function specOf(handler: string, timeoutSeconds: number): FunctionSpec {
  const broken = handler === 'broken';
  return {
    name: 'rows',
    arn,
    handler: `index.${handler}`,
    assetDir: join(assets, broken ? 'broken' : 'rows'),
    timeoutSeconds,
    memoryMb: 256,
    environment: {},
  };
}

lambdaRuntimeContract('process runner', {
  create: (handler, { timeoutSeconds = 20 } = {}) => createProcessRunner(specOf(handler, timeoutSeconds)),
  isolated: true,
});

lambdaRuntimeContract('in-process runner', {
  create: (handler, { timeoutSeconds = 20 } = {}) =>
    createInProcessRunner({ name: 'rows', arn, timeoutSeconds, load: () => loadRow(handler) }),
  isolated: false,
});

/** The handlers call `awslambda` while their module loads, so they are loaded after the runner has set it. */
async function loadRow(handler: string): Promise<LambdaHandler> {
  if (handler === 'broken') throw new TypeError('the module cannot load');
  return require('../../fixtures/functions/rows/handlers.ts')[handler];
}
