import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import * as z from 'zod';
import type { Json } from '#core/json.ts';
import { AwsError } from '../aws-error.ts';
import { openDurableMap } from '../durable-map.ts';
import { type Operation, operation, type Service } from '../operation.ts';
import { Callbacks, type StoredToken } from './callbacks.ts';
import type { Execution, StoredMachine } from './execution.ts';
import { Executions } from './executions.ts';
import { History, type HistoryEvent } from './history.ts';
import { Machines } from './machines.ts';
import { paged } from './paging.ts';
import type { TaskCaller } from './task-call.ts';

export interface StatesOptions {
  /** Folder of the journals; undefined = in memory. */
  readonly dataDir: string | undefined;
  readonly region: string;
  readonly account: string;
  readonly call: TaskCaller;
}

export interface StatesService extends Service {
  /** Takes up what a restart interrupted; to be called once functions can be invoked. */
  resume(): Promise<void>;
}

const MAX_BYTES = 262_144;
const Start = z.object({
  stateMachineArn: z.string().min(1),
  name: z
    .string()
    .regex(
      /^[^\s<>{}[\]?*"#%\\^|~`$&,;:/\p{Cc}]{1,80}$/u,
      'has characters Step Functions refuses, or over 80',
    )
    .optional(),
  input: z.string().default('{}'),
});
const byArn = z.object({ executionArn: z.string().min(1) });
const Stop = byArn.extend({
  error: z.string().max(256).optional(),
  cause: z.string().max(32_768).optional(),
});
const List = z.object({
  stateMachineArn: z.string().min(1),
  statusFilter: z.enum(['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED']).optional(),
});
const byToken = z.object({ taskToken: z.string().min(1).max(2048) });
const Failure = byToken.extend({
  error: z.string().max(256).default(''),
  cause: z.string().max(32_768).default(''),
});

/** Step Functions (standard workflows): executions survive restarts, and so do their callback tokens and timeouts. */
export async function statesService(options: StatesOptions): Promise<StatesService> {
  const file = (name: string) => (options.dataDir === undefined ? undefined : join(options.dataDir, name));
  const machineMap = await openDurableMap<StoredMachine>({ file: file('state-machines.jsonl') });
  const executionMap = await openDurableMap<Execution>({ file: file('executions.jsonl') });
  const eventMap = await openDurableMap<HistoryEvent>({ file: file('execution-events.jsonl') });
  const tokenMap = await openDurableMap<StoredToken>({ file: file('task-tokens.jsonl') });
  const callbacks = new Callbacks(tokenMap);
  const history = new History(eventMap);
  const executions = new Executions({ executions: executionMap, history, callbacks }, options.call);
  const machines = new Machines(machineMap, `arn:aws:states:${options.region}:${options.account}:`);
  return {
    target: 'AWSStepFunctions',
    operations: {
      ...machines.operations(),
      ...executionOperations(machines, executions, history),
      ...callbackOperations(callbacks),
    },
    resume: () => executions.resume(),
    async close() {
      await executions.close();
      for (const map of [machineMap, executionMap, eventMap, tokenMap]) await map.close();
    },
  };
}

function executionOperations(
  machines: Machines,
  executions: Executions,
  history: History,
): Record<string, Operation> {
  return {
    StartExecution: operation(Start, async ({ stateMachineArn, name, input }) => {
      parseJson(input, 'InvalidExecutionInput');
      const { arn, startedAt } = await executions.start(
        machines.find(stateMachineArn),
        name ?? randomUUID(),
        input,
      );
      return { executionArn: arn, startDate: startedAt / 1000 };
    }),
    DescribeExecution: operation(byArn, ({ executionArn }) => describe(executions.find(executionArn))),
    StopExecution: operation(Stop, async ({ executionArn, error, cause }) => ({
      stopDate: (await executions.stop(executionArn, error, cause)) / 1000,
    })),
    ListExecutions: paged(List, 'executions', ({ stateMachineArn, statusFilter }) =>
      executions.list(machines.find(stateMachineArn).arn, statusFilter).map(summary),
    ),
    GetExecutionHistory: paged(
      byArn.extend({ reverseOrder: z.boolean().default(false) }),
      'events',
      ({ executionArn, reverseOrder }) => {
        const events = [...history.of(executions.find(executionArn).arn)];
        return reverseOrder ? events.reverse() : events;
      },
    ),
  };
}

function callbackOperations(callbacks: Callbacks): Record<string, Operation> {
  return {
    SendTaskSuccess: operation(byToken.extend({ output: z.string() }), async ({ taskToken, output }) => {
      await callbacks.settle(taskToken, { output: parseJson(output, 'InvalidOutput') });
    }),
    SendTaskFailure: operation(Failure, ({ taskToken, error, cause }) =>
      callbacks.settle(taskToken, { error, cause }),
    ),
    SendTaskHeartbeat: operation(byToken, ({ taskToken }) => callbacks.beat(taskToken)),
  };
}

function parseJson(text: string, code: string): Json {
  if (Buffer.byteLength(text) > MAX_BYTES)
    throw new AwsError(code, `it ends at ${MAX_BYTES} bytes: hand on ids`);
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw new AwsError(code, 'it is not JSON');
  }
}

function summary(execution: Execution): object {
  const { arn, machineArn, name, status, startedAt, stoppedAt } = execution;
  return {
    ...{ executionArn: arn, stateMachineArn: machineArn, name, status, startDate: startedAt / 1000 },
    ...(stoppedAt === undefined ? {} : { stopDate: stoppedAt / 1000 }),
  };
}

function describe(execution: Execution): object {
  const { input, output, error, cause } = execution;
  const included = { included: true };
  return {
    ...summary(execution),
    input,
    inputDetails: included,
    output,
    outputDetails: included,
    error,
    cause,
  };
}
