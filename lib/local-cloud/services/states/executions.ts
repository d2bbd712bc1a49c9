import { AwsError } from '../aws-error.ts';
import type { DurableMap } from '../durable-map.ts';
import type { Callbacks } from './callbacks.ts';
import type { Machine } from './definition.ts';
import { type Execution, type ExecutionStatus, enter, type StoredMachine } from './execution.ts';
import type { History } from './history.ts';
import { parseMachine } from './parse-machine.ts';
import { Interrupted, pause } from './pause.ts';
import { Runner, type RunnerWorld } from './runner.ts';
import { StateError } from './state-error.ts';
import type { TaskCaller } from './task-call.ts';

/** Step Functions remembers finished executions, and their names, for 90 days. */
const KEEP_MS = 90 * 24 * 3_600_000;

interface Running {
  readonly abort: AbortController;
  readonly done: Promise<void>;
}

class MachineTimedOut extends Error {
  override readonly name = 'MachineTimedOut';
}

export interface ExecutionStores {
  readonly executions: DurableMap<Execution>;
  readonly history: History;
  readonly callbacks: Callbacks;
}

/** Starts executions, keeps them going over restarts, and ends them. */
export class Executions {
  readonly #stores: ExecutionStores;
  readonly #call: TaskCaller;
  readonly #running = new Map<string, Running>();

  constructor(stores: ExecutionStores, call: TaskCaller) {
    this.#stores = stores;
    this.#call = call;
  }

  /** Takes up every execution that a restart interrupted, and forgets the ones long finished. */
  async resume(): Promise<void> {
    const { executions, history, callbacks } = this.#stores;
    const all = [...executions.entries()].map(([, execution]) => execution);
    const old = all.filter(({ stoppedAt }) => stoppedAt !== undefined && stoppedAt + KEEP_MS < Date.now());
    const gone = new Set(old.map(({ arn }) => arn));
    for (const arn of gone) await history.forget(arn);
    await callbacks.forget((arn) => gone.has(arn));
    await executions.put([...gone].map((arn) => [arn, undefined] as const));
    for (const execution of all) if (execution.status === 'RUNNING') this.#launch(execution);
  }

  find(arn: string): Execution {
    const execution = this.#stores.executions.get(arn);
    if (execution) return execution;
    throw new AwsError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`);
  }

  /** Newest first. */
  list(machineArn: string, status: ExecutionStatus | undefined): Execution[] {
    return [...this.#stores.executions.entries()]
      .map(([, execution]) => execution)
      .filter((execution) => execution.machineArn === machineArn && (!status || execution.status === status))
      .reverse();
  }

  /** Idempotent by name while the first one runs with the same input. */
  async start(machine: StoredMachine, name: string, input: string): Promise<Execution> {
    const arn = `${machine.arn.replace(':stateMachine:', ':execution:')}:${name}`;
    const known = this.#stores.executions.get(arn);
    if (known?.status === 'RUNNING' && known.input === input) return known;
    if (known) throw new AwsError('ExecutionAlreadyExists', `Execution Already Exists: '${arn}'`);
    const { definition, roleArn } = machine;
    const execution: Execution = {
      ...{ arn, name, machineArn: machine.arn, machineName: machine.name, roleArn, definition, input },
      ...{ status: 'RUNNING', startedAt: Date.now() },
      cursor: enter(parseMachine(definition).StartAt, JSON.parse(input), {}),
    };
    await this.#stores.executions.put([[arn, execution]]);
    await this.#stores.history.add(arn, 'ExecutionStarted', { input, roleArn });
    this.#launch(execution);
    return execution;
  }

  /** StopExecution; an execution that has ended stays as it is. */
  async stop(arn: string, error: string | undefined, cause: string | undefined): Promise<number> {
    const execution = this.find(arn);
    if (execution.stoppedAt !== undefined) return execution.stoppedAt;
    this.#running.get(arn)?.abort.abort();
    const details = { ...(error === undefined ? {} : { error }), ...(cause === undefined ? {} : { cause }) };
    await this.#end(arn, 'ABORTED', details);
    return this.find(arn).stoppedAt ?? Date.now();
  }

  /** Stops walking; what runs is taken up again by the next `resume`. */
  async close(): Promise<void> {
    const running = [...this.#running.values()];
    for (const { abort } of running) abort.abort();
    await Promise.all(running.map(({ done }) => done));
  }

  #launch(execution: Execution): void {
    const abort = new AbortController();
    const done = this.#walk(execution, abort).finally(() => this.#running.delete(execution.arn));
    this.#running.set(execution.arn, { abort, done });
  }

  async #walk(execution: Execution, abort: AbortController): Promise<void> {
    const { arn } = execution;
    try {
      const machine = parseMachine(execution.definition);
      const runner = new Runner(execution, machine, this.#world(abort.signal), abort.signal);
      const output = JSON.stringify(
        await Promise.race([runner.run(), timeLimit(machine, execution, abort.signal)]),
      );
      await this.#end(arn, 'SUCCEEDED', { output });
    } catch (error) {
      if (error instanceof Interrupted) return;
      if (error instanceof MachineTimedOut) await this.#end(arn, 'TIMED_OUT', { error: 'States.Timeout' });
      else await this.#end(arn, 'FAILED', failureOf(error));
    } finally {
      abort.abort();
    }
  }

  #world(signal: AbortSignal): RunnerWorld {
    const { executions, history, callbacks } = this.#stores;
    const alive = (): void => {
      if (signal.aborted) throw new Interrupted();
    };
    return {
      call: this.#call,
      callbacks,
      async save(execution) {
        alive();
        await executions.put([[execution.arn, execution]]);
      },
      async note(arn, type, details) {
        alive();
        await history.add(arn, type, details);
      },
      isFull: (arn) => history.isFull(arn),
    };
  }

  async #end(
    arn: string,
    status: Exclude<ExecutionStatus, 'RUNNING'>,
    details: { output?: string; error?: string; cause?: string },
  ): Promise<void> {
    const { executions, history, callbacks } = this.#stores;
    const execution = this.find(arn);
    if (execution.status !== 'RUNNING') return;
    const token = execution.cursor.task?.token;
    await executions.put([[arn, { ...execution, status, stoppedAt: Date.now(), ...details }]]);
    if (token !== undefined) await callbacks.revoke(token);
    await history.add(arn, ENDINGS[status], details);
  }
}

const ENDINGS = {
  SUCCEEDED: 'ExecutionSucceeded',
  FAILED: 'ExecutionFailed',
  TIMED_OUT: 'ExecutionTimedOut',
  ABORTED: 'ExecutionAborted',
} as const;

function failureOf(error: unknown): { error: string; cause: string } {
  if (error instanceof StateError) return { error: error.error, cause: error.reason };
  return { error: 'States.Runtime', cause: String(error) };
}

/** Rejects when the machine's own TimeoutSeconds are over; never resolves. */
async function timeLimit(machine: Machine, execution: Execution, signal: AbortSignal): Promise<never> {
  const seconds = machine.TimeoutSeconds ?? Number.POSITIVE_INFINITY;
  await pause(execution.startedAt + seconds * 1000, signal);
  throw new MachineTimedOut();
}
