import { LambdaClient } from '@aws-sdk/client-lambda';
import { expect, test } from '@jest/globals';
import { lambdaInvoke } from '#aws/lambda-invoke.ts';
import type { InvokeResult } from '../../lib/local-cloud/contract.ts';
import { startTestServices } from '../support/services.ts';
import './cloud.ts';

async function bench(result: InvokeResult) {
  const { endpoint, services, close } = await startTestServices();
  const calls: [string, unknown][] = [];
  services.setInvoker({
    async invoke(name, payload) {
      calls.push([name, payload]);
      return result;
    },
  });
  const client = new LambdaClient({ endpoint, maxAttempts: 1 });
  const invoke = (payload: unknown) => lambdaInvoke('review-decide', payload, client);
  return { invoke, calls, close };
}

test('a payload reaches the function and its answer comes back', async () => {
  const { invoke, calls, close } = await bench({ ok: true, payload: { ok: true, words: 'ümläut' } });

  expect(await invoke({ id: 'case-1' })).toEqual({ ok: true, words: 'ümläut' });
  expect(calls).toEqual([['review-decide', { id: 'case-1' }]]);
  await close();
});

test('a function without an answer gives null', async () => {
  const { invoke, close } = await bench({ ok: true, payload: null });

  expect(await invoke({})).toBeNull();
  await close();
});

test('a failing function is named with the kind of its error, never its message', async () => {
  const { invoke, close } = await bench({
    ok: false,
    errorType: 'TypeError',
    errorMessage: 'token abc is wrong',
  });

  const failure = await invoke({}).catch((error: unknown) => error);

  expect(failure).toMatchObject({
    name: 'InvokeFailed',
    message: 'function review-decide failed: TypeError',
  });
  await close();
});

test('a function that cannot be reached is named', async () => {
  const client = new LambdaClient({ endpoint: 'http://127.0.0.1:9', maxAttempts: 1 });

  await expect(lambdaInvoke('review-decide', {}, client)).rejects.toThrow(
    'function review-decide cannot be reached',
  );
});
