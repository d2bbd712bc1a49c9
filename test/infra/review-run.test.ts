import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { REVIEW_DEFINITION } from '#infra/review-definition.ts';
import type { InvokeResult } from '#local-cloud/contract.ts';
import { clientConfig, startTestServices } from '../support/services.ts';

interface Call {
  readonly name: string;
  readonly payload: { caseId: string; token?: string; outcome?: string };
}

let calls: Call[];
let open: (call: Call) => InvokeResult | Promise<InvokeResult>;
let client: SFNClient;
let close: () => Promise<void>;
let machine: string;

beforeEach(async () => {
  calls = [];
  const started = await startTestServices();
  client = new SFNClient(clientConfig(started.endpoint));
  close = started.close;
  started.services.setInvoker({
    async invoke(target, payload) {
      const call = { name: target.split(':').at(-1) ?? '', payload } as Call;
      calls.push(call);
      return call.name === 'ReviewOpen' ? open(call) : { ok: true, payload: { ignored: true } };
    },
  });
  machine = await createMachine();
});

afterEach(async () => {
  client.destroy();
  await close();
});

test('a decision ends the wait, and the outcome is settled as decided', async () => {
  open = ({ payload }) => {
    const answer = new SendTaskSuccessCommand({ taskToken: payload.token, output: '{"state":"approved"}' });
    setTimeout(() => void client.send(answer), 20);
    return ok();
  };
  expect(await run(60)).toMatchObject({
    status: 'SUCCEEDED',
    output: '{"caseId":"case-1","outcome":"decided"}',
  });
  expect(calls.map(({ name, payload }) => [name, payload.outcome])).toEqual([
    ['ReviewOpen', undefined],
    ['ReviewSettle', 'decided'],
  ]);
});

test('without a decision the case expires after the seconds of its input', async () => {
  open = () => ok();
  const began = Date.now();
  expect(await run(1)).toMatchObject({
    status: 'SUCCEEDED',
    output: '{"caseId":"case-1","outcome":"expired"}',
  });
  expect(Date.now() - began).toBeGreaterThanOrEqual(950);
  expect(calls.at(-1)?.payload).toEqual({ caseId: 'case-1', outcome: 'expired' });
});

test('a person who was faster than the machine is settled as decided at once', async () => {
  open = () => ({ ok: false, errorType: 'AlreadyDecided', errorMessage: 'approved' });
  expect(await run(60)).toMatchObject({
    status: 'SUCCEEDED',
    output: '{"caseId":"case-1","outcome":"decided"}',
  });
});

test('a review that cannot be opened is closed, then the execution fails', async () => {
  open = () => ({ ok: false, errorType: 'Error', errorMessage: 'review case case-1 does not exist' });
  expect(await run(60)).toMatchObject({ status: 'FAILED', error: 'ReviewFailed' });
  expect(calls.at(-1)?.payload).toEqual({ caseId: 'case-1', outcome: 'failed' });
});

function ok(): InvokeResult {
  return { ok: true, payload: null };
}

async function createMachine(): Promise<string> {
  const definition = JSON.stringify(REVIEW_DEFINITION).replaceAll(
    /\$\{(\w+)\}/g,
    'arn:aws:lambda:us-east-1:000000000000:function:$1',
  );
  const roleArn = 'arn:aws:iam::000000000000:role/review';
  const { stateMachineArn } = await client.send(
    new CreateStateMachineCommand({ name: 'review', definition, roleArn }),
  );
  return stateMachineArn ?? '';
}

async function run(timeout_seconds: number) {
  const input = JSON.stringify({ caseId: 'case-1', timeout_seconds });
  const start = new StartExecutionCommand({ stateMachineArn: machine, name: 'case-1', input });
  const { executionArn } = await client.send(start);
  for (;;) {
    const execution = await client.send(new DescribeExecutionCommand({ executionArn }));
    if (execution.status !== 'RUNNING') return execution;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
