import { randomUUID } from 'node:crypto';
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  DescribeStateMachineCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  ListStateMachinesCommand,
  SendTaskFailureCommand,
  SendTaskHeartbeatCommand,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
  UpdateStateMachineCommand,
} from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { InvokeResult, LambdaInvoker } from '../../../lib/local-cloud/contract.ts';
import { clientConfig } from '../../support/services.ts';

type Handler = (payload: Record<string, unknown>) => unknown;

const FUNCTION = 'arn:aws:lambda:us-east-1:000000000000:function:f';
const INVOKE = 'arn:aws:states:::lambda:invoke';
const WAIT = `${INVOKE}.waitForTaskToken`;

/** What the product relies on of Step Functions; functions are closures given to `setInvoker`. */
export function statesContract(endpoint: () => string, setInvoker: (invoker: LambdaInvoker) => void): void {
  let client: SFNClient;
  let handler: Handler = () => null;
  const invoker: LambdaInvoker = {
    async invoke(_name, payload): Promise<InvokeResult> {
      try {
        return { ok: true, payload: await handler(payload as Record<string, unknown>) };
      } catch (error) {
        const { name, message } = error as Error;
        return { ok: false, errorType: name, errorMessage: message };
      }
    },
  };
  beforeAll(() => {
    client = new SFNClient(clientConfig(endpoint()));
    setInvoker(invoker);
  });
  afterAll(() => client.destroy());

  const create = async (States: object, more: object = {}): Promise<string> => {
    const definition = JSON.stringify({ QueryLanguage: 'JSONata', StartAt: 'A', States, ...more });
    const input = { name: `m-${randomUUID()}`, definition, roleArn: 'arn:aws:iam::000000000000:role/r' };
    return (await client.send(new CreateStateMachineCommand(input))).stateMachineArn!;
  };
  const start = async (stateMachineArn: string, input: unknown = {}, name?: string): Promise<string> => {
    const command = { stateMachineArn, input: JSON.stringify(input), ...(name ? { name } : {}) };
    return (await client.send(new StartExecutionCommand(command))).executionArn!;
  };
  const look = (executionArn: string) => client.send(new DescribeExecutionCommand({ executionArn }));
  const finished = async (arn: string) => {
    for (let i = 0; i < 400; i++) {
      const execution = await look(arn);
      if (execution.status !== 'RUNNING') return execution;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    throw new Error('the execution did not end');
  };
  const run = async (States: object, input: unknown = {}, more: object = {}) => {
    const execution = await finished(await start(await create(States, more), input));
    return { ...execution, value: execution.output === undefined ? undefined : JSON.parse(execution.output) };
  };
  const runPaths = (States: object, input: unknown = {}) => run(States, input, { QueryLanguage: 'JSONPath' });
  const failing =
    (name: string, message = 'because') =>
    () => {
      throw Object.assign(new Error(message), { name });
    };
  const waiting = async (more: object = {}, input: object = {}) => {
    let given: (token: string) => void = () => {};
    const token = new Promise<string>((resolve) => {
      given = resolve;
    });
    handler = (payload) => given(String(payload['token']));
    const task = {
      Type: 'Task',
      Resource: WAIT,
      Arguments: { FunctionName: FUNCTION, Payload: { token: '{% $states.context.Task.Token %}' } },
      End: true,
      ...more,
    };
    const arn = await start(await create({ A: task }), input);
    return { arn, token: await token };
  };
  const succeed = (taskToken: string, output: unknown) =>
    client.send(new SendTaskSuccessCommand({ taskToken, output: JSON.stringify(output) }));

  describe('Step Functions', () => {
    test('hands a JSONata output on', async () => {
      const { status, value } = await run(
        {
          A: { Type: 'Pass', Output: { sum: '{% $sum($states.input.list) %}', plain: 'x' }, Next: 'B' },
          B: { Type: 'Succeed', Output: '{% $states.input.sum * 2 %}' },
        },
        { list: [1, 2, 3] },
      );
      expect({ status, value }).toEqual({ status: 'SUCCEEDED', value: 12 });
    });

    test('keeps variables over states', async () => {
      const { value } = await run(
        {
          A: { Type: 'Pass', Assign: { who: '{% $states.input.who %}' }, Output: {}, Next: 'B' },
          B: { Type: 'Succeed', Output: '{% $who %}' },
        },
        { who: 'me' },
      );
      expect(value).toBe('me');
    });

    test('invokes a function with arguments', async () => {
      handler = (payload) => ({ doubled: Number(payload['n']) * 2 });
      const { value } = await run(
        {
          A: {
            Type: 'Task',
            Resource: INVOKE,
            Arguments: { FunctionName: FUNCTION, Payload: { n: '{% $states.input.n %}' } },
            Output: '{% $states.result.Payload %}',
            End: true,
          },
        },
        { n: 21 },
      );
      expect(value).toEqual({ doubled: 42 });
    });

    test('invokes a function by its ARN', async () => {
      handler = (payload) => payload;
      const { value } = await run({ A: { Type: 'Task', Resource: FUNCTION, End: true } }, { a: 1 });
      expect(value).toEqual({ a: 1 });
    });

    test('fails with the error of the function', async () => {
      handler = failing('BadCase');
      const { status, error, cause } = await run({ A: { Type: 'Task', Resource: FUNCTION, End: true } });
      expect({ status, error }).toEqual({ status: 'FAILED', error: 'BadCase' });
      expect(JSON.parse(cause!)).toEqual({ errorMessage: 'because', errorType: 'BadCase' });
    });

    test('retries as often as it may', async () => {
      let calls = 0;
      handler = () => {
        calls += 1;
        if (calls < 3) failing('Flaky')();
        return calls;
      };
      const Retry = [{ ErrorEquals: ['Flaky'], IntervalSeconds: 1, BackoffRate: 1, MaxAttempts: 2 }];
      const { value } = await run({ A: { Type: 'Task', Resource: FUNCTION, Retry, End: true } });
      expect(value).toBe(3);
    });

    test('catches an error by name', async () => {
      handler = failing('BadCase');
      const Catch = [
        { ErrorEquals: ['Other'], Next: 'Wrong' },
        { ErrorEquals: ['BadCase'], Output: '{% $states.errorOutput.Error %}', Next: 'Right' },
      ];
      const { value } = await run({
        A: { Type: 'Task', Resource: FUNCTION, Catch, End: true },
        Wrong: { Type: 'Fail' },
        Right: { Type: 'Succeed' },
      });
      expect(value).toBe('BadCase');
    });

    test('chooses by condition', async () => {
      const Choices = [{ Condition: "{% $states.input.state = 'approved' %}", Next: 'Yes' }];
      const states = {
        A: { Type: 'Choice', Choices, Default: 'No' },
        Yes: { Type: 'Succeed', Output: 'yes' },
        No: { Type: 'Fail', Error: 'Rejected', Cause: "{% 'it was ' & $states.input.state %}" },
      };
      expect((await run(states, { state: 'approved' })).value).toBe('yes');
      expect(await run(states, { state: 'rejected' })).toMatchObject({
        error: 'Rejected',
        cause: 'it was rejected',
      });
    });

    test('waits', async () => {
      const { startDate, stopDate } = await run({ A: { Type: 'Wait', Seconds: 1, End: true } });
      expect(stopDate!.getTime() - startDate!.getTime()).toBeGreaterThanOrEqual(990);
    });

    test('waits for the callback of a token', async () => {
      const { arn, token } = await waiting();
      await new Promise((resolve) => setTimeout(resolve, 100));
      expect((await look(arn)).status).toBe('RUNNING');
      await succeed(token, { state: 'approved' });
      expect(JSON.parse((await finished(arn)).output!)).toEqual({ state: 'approved' });
    });

    test('fails by the callback of a token', async () => {
      const { arn, token } = await waiting();
      await client.send(new SendTaskFailureCommand({ taskToken: token, error: 'Denied', cause: 'no' }));
      expect(await finished(arn)).toMatchObject({ status: 'FAILED', error: 'Denied', cause: 'no' });
    });

    test('refuses a second callback', async () => {
      const { arn, token } = await waiting();
      await succeed(token, 1);
      await expect(succeed(token, 2)).rejects.toMatchObject({ name: 'TaskTimedOut' });
      expect((await finished(arn)).output).toBe('1');
    });

    test('refuses a token nobody was given', async () => {
      await expect(succeed('AAAA', 1)).rejects.toMatchObject({ name: 'InvalidToken' });
    });

    test('refuses an output that is not JSON', async () => {
      const { token } = await waiting();
      const sending = client.send(new SendTaskSuccessCommand({ taskToken: token, output: 'nope' }));
      await expect(sending).rejects.toMatchObject({ name: 'InvalidOutput' });
    });

    test('times a waiting task out after the seconds its input names', async () => {
      const Catch = [{ ErrorEquals: ['States.Timeout'], Output: 'expired', Next: 'Late' }];
      const task = {
        Type: 'Task',
        Resource: WAIT,
        Arguments: { FunctionName: FUNCTION, Payload: { token: '{% $states.context.Task.Token %}' } },
        TimeoutSeconds: '{% $states.input.timeout_seconds %}',
        Catch,
        End: true,
      };
      let token = '';
      handler = (payload) => {
        token = String(payload['token']);
      };
      const { value } = await run({ A: task, Late: { Type: 'Succeed' } }, { timeout_seconds: 1 });
      expect(value).toBe('expired');
      await expect(succeed(token, 1)).rejects.toMatchObject({ name: 'TaskTimedOut' });
    });

    test('lives as long as heartbeats come', async () => {
      const { arn, token } = await waiting({ HeartbeatSeconds: 1 });
      for (let i = 0; i < 3; i++) {
        await new Promise((resolve) => setTimeout(resolve, 500));
        await client.send(new SendTaskHeartbeatCommand({ taskToken: token }));
      }
      expect((await look(arn)).status).toBe('RUNNING');
      expect(await finished(arn)).toMatchObject({ status: 'FAILED', error: 'States.HeartbeatTimeout' });
    });

    test('times a function out', async () => {
      handler = () => new Promise((resolve) => setTimeout(resolve, 3_000));
      const { error } = await run({ A: { Type: 'Task', Resource: FUNCTION, TimeoutSeconds: 1, End: true } });
      expect(error).toBe('States.Timeout');
    });

    test('ends a machine at its own timeout', async () => {
      const { status } = await run(
        { A: { Type: 'Wait', Seconds: 60, End: true } },
        {},
        { TimeoutSeconds: 1 },
      );
      expect(status).toBe('TIMED_OUT');
    });

    test('starts an execution once per name', async () => {
      const machine = await create({ A: { Type: 'Wait', Seconds: 60, End: true } });
      const first = await start(machine, { caseId: 1 }, 'case-1');
      expect(await start(machine, { caseId: 1 }, 'case-1')).toBe(first);
      await expect(start(machine, { caseId: 2 }, 'case-1')).rejects.toMatchObject({
        name: 'ExecutionAlreadyExists',
      });
      const { executions } = await client.send(new ListExecutionsCommand({ stateMachineArn: machine }));
      expect(executions).toHaveLength(1);
    });

    test('refuses a name that a finished execution has', async () => {
      const machine = await create({ A: { Type: 'Succeed' } });
      await finished(await start(machine, {}, 'done'));
      await expect(start(machine, {}, 'done')).rejects.toMatchObject({ name: 'ExecutionAlreadyExists' });
    });

    test('stops an execution', async () => {
      const { arn, token } = await waiting();
      await client.send(new StopExecutionCommand({ executionArn: arn, error: 'Gone', cause: 'withdrawn' }));
      expect(await look(arn)).toMatchObject({ status: 'ABORTED', error: 'Gone', cause: 'withdrawn' });
      await expect(succeed(token, 1)).rejects.toMatchObject({ name: 'TaskTimedOut' });
    });

    test('tells the history of an execution', async () => {
      const arn = await start(await create({ A: { Type: 'Pass', Next: 'B' }, B: { Type: 'Succeed' } }));
      await finished(arn);
      const { events } = await client.send(new GetExecutionHistoryCommand({ executionArn: arn }));
      expect(events?.map((event) => event.type)).toEqual([
        'ExecutionStarted',
        'PassStateEntered',
        'PassStateExited',
        'SucceedStateEntered',
        'SucceedStateExited',
        'ExecutionSucceeded',
      ]);
      expect(events?.[1]?.stateEnteredEventDetails?.name).toBe('A');
    });

    test('fails with the expression that cannot be evaluated', async () => {
      const { error, cause } = await run({
        A: { Type: 'Pass', Output: '{% $states.input.nowhere %}', End: true },
      });
      expect(error).toBe('States.QueryEvaluationError');
      expect(cause).toContain('$states.input.nowhere');
    });

    test('keeps more than 256 KB from going on', async () => {
      const Output = '{% $states.input.half & $states.input.half %}';
      const input = { half: 'x'.repeat(140_000) };
      const { error } = await run({ A: { Type: 'Pass', Output, End: true } }, input);
      expect(error).toBe('States.DataLimitExceeded');
    });

    test('refuses a definition with an unknown target', async () => {
      await expect(create({ A: { Type: 'Pass', Next: 'Nowhere' } })).rejects.toMatchObject({
        name: 'InvalidDefinition',
        message: expect.stringContaining('Nowhere'),
      });
    });

    test('refuses a definition with an expression that is not JSONata', async () => {
      const broken = create({ A: { Type: 'Pass', Output: '{% $states.( %}', End: true } });
      await expect(broken).rejects.toMatchObject({ name: 'InvalidDefinition' });
    });

    test('refuses a state it cannot run', async () => {
      const parallel = create({ A: { Type: 'Parallel', Branches: [], End: true } });
      await expect(parallel).rejects.toMatchObject({ name: 'InvalidDefinition' });
    });

    test('runs new executions by an updated definition', async () => {
      const stateMachineArn = await create({ A: { Type: 'Succeed', Output: 1 } });
      const States = { A: { Type: 'Succeed', Output: 2 } };
      const definition = JSON.stringify({ QueryLanguage: 'JSONata', StartAt: 'A', States });
      await client.send(new UpdateStateMachineCommand({ stateMachineArn, definition }));
      expect((await finished(await start(stateMachineArn))).output).toBe('2');
      const described = await client.send(new DescribeStateMachineCommand({ stateMachineArn }));
      expect(described.definition).toBe(definition);
    });

    test('lists machines in pages', async () => {
      const arns = [await create({ A: { Type: 'Succeed' } }), await create({ A: { Type: 'Succeed' } })];
      const seen: string[] = [];
      let nextToken: string | undefined;
      do {
        const page = await client.send(new ListStateMachinesCommand({ maxResults: 1, nextToken }));
        seen.push(...page.stateMachines!.map((machine) => machine.stateMachineArn!));
        nextToken = page.nextToken;
      } while (nextToken);
      expect(seen).toEqual(expect.arrayContaining(arns));
    });

    test('passes data along paths', async () => {
      handler = (payload) => ({ got: payload['id'] });
      const { value } = await runPaths(
        {
          A: {
            Type: 'Task',
            Resource: INVOKE,
            Parameters: {
              FunctionName: FUNCTION,
              Payload: { 'id.$': '$.case.id', 'run.$': '$$.Execution.Name', kind: 'review' },
            },
            ResultSelector: { 'answer.$': '$.Payload.got' },
            ResultPath: '$.task',
            OutputPath: '$.task',
            End: true,
          },
        },
        { case: { id: 7 } },
      );
      expect(value).toEqual({ answer: 7 });
    });

    test('chooses by comparing paths', async () => {
      const states = {
        A: {
          Type: 'Choice',
          Choices: [
            { Not: { Variable: '$.n', IsPresent: true }, Next: 'Missing' },
            {
              And: [
                { Variable: '$.n', NumericGreaterThan: 1 },
                { Variable: '$.s', StringEquals: 'go' },
              ],
              Next: 'Yes',
            },
          ],
          Default: 'No',
        },
        Yes: { Type: 'Pass', Result: 'yes', End: true },
        Missing: { Type: 'Pass', Result: 'missing', End: true },
        No: { Type: 'Pass', Result: 'no', End: true },
      };
      expect((await runPaths(states, { n: 2, s: 'go' })).value).toBe('yes');
      expect((await runPaths(states, { n: 1, s: 'go' })).value).toBe('no');
      expect((await runPaths(states, {})).value).toBe('missing');
    });

    test('catches every error into a path', async () => {
      handler = failing('BadCase');
      const Catch = [{ ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: 'B' }];
      const { value } = await runPaths(
        { A: { Type: 'Task', Resource: FUNCTION, Catch, End: true }, B: { Type: 'Succeed' } },
        { kept: 1 },
      );
      expect(value).toMatchObject({ kept: 1, error: { Error: 'BadCase' } });
    });
  });
}
