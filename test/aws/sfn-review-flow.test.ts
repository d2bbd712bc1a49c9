import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  ListExecutionsCommand,
  SFNClient,
} from '@aws-sdk/client-sfn';
import { expect, test } from '@jest/globals';
import { lazyReviewFlow } from '#aws/lazy-review-flow.ts';
import { sfnReviewFlow } from '#aws/sfn-review-flow.ts';
import { createLedgerTables, startTestServices } from '../support/services.ts';
import './cloud.ts';

const DEFINITION = {
  QueryLanguage: 'JSONata',
  StartAt: 'Wait',
  States: {
    Wait: {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
      Arguments: {
        FunctionName: 'review-open',
        Payload: { caseId: '{% $states.input.caseId %}', token: '{% $states.context.Task.Token %}' },
      },
      TimeoutSeconds: '{% $states.input.timeout_seconds %}',
      End: true,
    },
  },
};

async function bench() {
  const { endpoint, services, close } = await startTestServices();
  await createLedgerTables(endpoint);
  const client = new SFNClient({ endpoint, maxAttempts: 1 });
  const waiting: { caseId: string; token: string }[] = [];
  services.setInvoker({
    async invoke(_name, payload) {
      waiting.push(payload as { caseId: string; token: string });
      return { ok: true, payload: null };
    },
  });
  const { stateMachineArn = '' } = await client.send(
    new CreateStateMachineCommand({
      name: 'review',
      definition: JSON.stringify(DEFINITION),
      roleArn: 'arn:aws:iam::000000000000:role/x',
    }),
  );
  const executions = async () =>
    (await client.send(new ListExecutionsCommand({ stateMachineArn }))).executions ?? [];
  const flow = sfnReviewFlow({ machineArn: stateMachineArn, client });
  return { flow, client, waiting, executions, close };
}

async function until<T>(read: () => T | undefined | Promise<T | undefined>): Promise<T> {
  for (let i = 0; i < 200; i += 1) {
    const value = await read();
    if (value !== undefined) return value;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error('did not happen within 5 s');
}

test('a started review waits with ids only, and a decision ends it', async () => {
  const { flow, client, waiting, executions, close } = await bench();
  await flow.start('case-1', 600);
  const { caseId, token } = await until(() => waiting[0]);
  const [execution] = await executions();

  expect(caseId).toBe('case-1');
  expect(await flow.resume(token, { state: 'approved' })).toBe('resumed');

  const ended = await until(async () => {
    const found = await client.send(new DescribeExecutionCommand({ executionArn: execution?.executionArn }));
    return found.status === 'RUNNING' ? undefined : found;
  });
  expect(ended).toMatchObject({ name: 'case-1', status: 'SUCCEEDED' });
  expect(JSON.parse(ended.input ?? '')).toEqual({ caseId: 'case-1', timeout_seconds: 600 });
  expect(JSON.parse(ended.output ?? '')).toEqual({ state: 'approved' });
  await close();
});

test('starting a review twice starts it once', async () => {
  const { flow, executions, close } = await bench();

  await flow.start('case-1', 600);
  await flow.start('case-1', 500);

  expect(await executions()).toHaveLength(1);
  await close();
});

test('a second decision finds the review gone', async () => {
  const { flow, waiting, close } = await bench();
  await flow.start('case-1', 600);
  const { token } = await until(() => waiting[0]);
  await flow.resume(token, { state: 'approved' });

  expect(await flow.resume(token, { state: 'rejected' })).toBe('gone');
  await close();
});

test('a decision after the time is over finds the review gone', async () => {
  const { flow, waiting, executions, close } = await bench();
  await flow.start('case-1', 1);
  const { token } = await until(() => waiting[0]);
  await until(async () => ((await executions())[0]?.status === 'RUNNING' ? undefined : true));

  expect(await flow.resume(token, { state: 'approved' })).toBe('gone');
  await close();
});

test('a made-up token finds no review', async () => {
  const { flow, close } = await bench();

  expect(await flow.resume('made-up', { state: 'approved' })).toBe('gone');
  await close();
});

test('a machine that cannot be reached makes reviews unavailable', async () => {
  const client = new SFNClient({ endpoint: 'http://127.0.0.1:9', maxAttempts: 1 });
  const flow = sfnReviewFlow({
    machineArn: 'arn:aws:states:us-east-1:000000000000:stateMachine:review',
    client,
  });

  await expect(flow.start('case-1', 600)).rejects.toMatchObject({ code: 'review_unavailable' });
});

test('a lazy flow loads once, and again after a failed load', async () => {
  let loads = 0;
  const started: string[] = [];
  const lazy = lazyReviewFlow(async () => {
    loads += 1;
    if (loads === 1) throw new Error('not loaded');
    return { start: async (id) => void started.push(id), resume: async () => 'gone' };
  });

  await expect(lazy.start('case-1')).rejects.toThrow('not loaded');
  await Promise.all([
    lazy.start('case-1'),
    lazy.start('case-2'),
    lazy.resume('token', { state: 'approved' }),
  ]);

  expect([loads, started]).toEqual([2, ['case-1', 'case-2']]);
});
