import type { App } from '#core/app.ts';
import { serveFunctionUrl as serveUrl } from '../../lib/local-cloud/lambda/function-url-server.ts';
import { createInProcessRunner } from '../../lib/local-cloud/lambda/in-process-runner.ts';
import type { LambdaHandler } from '../../lib/local-cloud/lambda/invocation.ts';
import { createAwsLambda } from '../../lib/local-cloud/lambda/response-stream.ts';

/** An app behind the door of the deployed function, run by the local Lambda runtime under a function URL. */
export async function openFunctionUrl(app: App, callMs: number) {
  Object.assign(globalThis, { awslambda: createAwsLambda() });
  const { serveFunctionUrl } = require('../../lib/aws/function-url.ts');
  const runner = createInProcessRunner({
    name: 'gateway',
    arn: 'arn:aws:lambda:eu-central-1:000000000000:function:gateway',
    timeoutSeconds: callMs / 1000,
    load: async () => serveFunctionUrl(app) as LambdaHandler,
  });
  const server = await serveUrl(runner, { host: '127.0.0.1', port: 0, account: '000000000000' });
  return {
    url: server.url,
    async close() {
      await server.close();
      await runner.close();
    },
  };
}
