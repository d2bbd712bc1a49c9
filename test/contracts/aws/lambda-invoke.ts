import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { LambdaInvoker } from '../../../lib/local-cloud/contract.ts';
import { clientConfig } from '../../support/services.ts';

/** What the product relies on of Lambda's Invoke API; `setInvoker` is how a host gets its calls. */
export function lambdaInvokeContract(
  endpoint: () => string,
  setInvoker: (invoker: LambdaInvoker) => void,
): void {
  let client: LambdaClient;
  let calls: unknown[] = [];
  beforeAll(() => {
    client = new LambdaClient(clientConfig(endpoint()));
    setInvoker({
      async invoke(name, payload) {
        calls.push([name, payload]);
        if (name === 'broken') return { ok: false, errorType: 'TypeError', errorMessage: 'no' };
        if (name === 'flaky' && calls.length < 2)
          return { ok: false, errorType: 'Error', errorMessage: 'later' };
        if (name === 'missing') {
          return {
            ok: false,
            errorType: 'ResourceNotFoundException',
            errorMessage: 'Function not found: missing',
          };
        }
        return { ok: true, payload: { echo: payload } };
      },
    });
  });
  afterAll(() => client.destroy());

  const invoke = async (FunctionName: string, more: object = {}) => {
    const Payload = JSON.stringify({ n: 1 });
    const answer = await client.send(new InvokeCommand({ FunctionName, Payload, ...more }));
    return { ...answer, text: answer.Payload?.transformToString() ?? '' };
  };
  const settled = async (count: number) => {
    for (let i = 0; i < 100 && calls.length < count; i++) await new Promise((r) => setTimeout(r, 50));
  };

  describe('Lambda Invoke', () => {
    test('gives what the function returned', async () => {
      const answer = await invoke('good');
      expect(answer.FunctionError).toBeUndefined();
      expect(JSON.parse(answer.text)).toEqual({ echo: { n: 1 } });
    });

    test('finds a function by ARN', async () => {
      calls = [];
      const arn = 'arn:aws:lambda:us-east-1:000000000000:function:good';
      await invoke(arn);
      expect(calls).toEqual([[arn, { n: 1 }]]);
    });

    test('marks the error of a function', async () => {
      const answer = await invoke('broken');
      expect(answer.FunctionError).toBe('Unhandled');
      expect(JSON.parse(answer.text)).toEqual({ errorType: 'TypeError', errorMessage: 'no' });
    });

    test('refuses a function that does not exist', async () => {
      await expect(invoke('missing')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    });

    test('accepts an event and tries it again when it fails', async () => {
      calls = [];
      const answer = await invoke('flaky', { InvocationType: 'Event' });
      expect(answer.StatusCode).toBe(202);
      await settled(2);
      expect(calls).toHaveLength(2);
    });

    test('refuses a payload that is not JSON', async () => {
      const invoking = client.send(new InvokeCommand({ FunctionName: 'good', Payload: 'nope' }));
      await expect(invoking).rejects.toMatchObject({ name: 'InvalidRequestContentException' });
    });
  });
}
