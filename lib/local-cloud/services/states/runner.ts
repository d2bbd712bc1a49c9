import type { Json } from '#core/json.ts';
import type { Callbacks } from './callbacks.ts';
import { choose, type Step } from './choose.ts';
import { assigned, caughtOutput, stateOutput } from './data-flow.ts';
import { isJsonata, type Machine, type State, type StateOf } from './definition.ts';
import { type Cursor, contextOf, type Execution, enter } from './execution.ts';
import type { Scope } from './jsonata-expression.ts';
import { Interrupted, pause } from './pause.ts';
import { catcherFor, nextRetry } from './retry.ts';
import { StateError } from './state-error.ts';
import { chosenFailure, waitEnd } from './state-values.ts';
import type { TaskCaller } from './task-call.ts';
import { runTask } from './task-state.ts';

export interface RunnerWorld {
  readonly call: TaskCaller;
  readonly callbacks: Callbacks;
  save(execution: Execution): Promise<void>;
  note(arn: string, type: string, details: Json): Promise<void>;
  /** The history has no room left. */
  isFull(arn: string): boolean;
}

/** Walks one execution from where its cursor stands to its end. Throws Interrupted when the signal aborts. */
export class Runner {
  readonly #machine: Machine;
  readonly #world: RunnerWorld;
  readonly #signal: AbortSignal;
  #execution: Execution;

  constructor(execution: Execution, machine: Machine, world: RunnerWorld, signal: AbortSignal) {
    this.#execution = execution;
    this.#machine = machine;
    this.#world = world;
    this.#signal = signal;
  }

  /** The output of the machine; throws a StateError when it fails. */
  async run(): Promise<Json> {
    for (;;) {
      if (this.#signal.aborted) throw new Interrupted();
      if (this.#world.isFull(this.#execution.arn)) {
        throw new StateError(
          'States.Runtime',
          'The execution reached the maximum number of history events (25000).',
        );
      }
      const step = await this.#visit();
      if (step && step.next === undefined) return step.output;
      if (step?.next !== undefined) await this.#save(enter(step.next, step.output, step.variables));
    }
  }

  /** One attempt at the current state; undefined = try again (the cursor says when). */
  async #visit(): Promise<Step | undefined> {
    const { cursor } = this.#execution;
    const state = this.#state();
    if (cursor.enteredAt === undefined) await this.#enter(cursor, state);
    if (state.Type === 'Fail') throw await chosenFailure(state, this.#scope({}));
    try {
      const step = await this.#perform(state);
      await this.#note(`${state.Type}StateExited`, {
        name: cursor.state,
        output: JSON.stringify(step.output),
      });
      return step;
    } catch (error) {
      if (error instanceof Interrupted) throw error;
      return this.#recover(state, asStateError(error));
    }
  }

  #state(): State {
    const state = this.#machine.States[this.#execution.cursor.state];
    if (!state) throw new StateError('States.Runtime', `there is no state ${this.#execution.cursor.state}`);
    return state;
  }

  async #enter(cursor: Cursor, state: State): Promise<void> {
    await this.#save({ ...cursor, enteredAt: Date.now() });
    await this.#note(`${state.Type}StateEntered`, {
      name: cursor.state,
      input: JSON.stringify(cursor.input),
    });
  }

  async #perform(state: Exclude<State, StateOf<'Fail'>>): Promise<Step> {
    await this.#pauseBeforeRetry(state);
    if (state.Type === 'Choice') return choose(state, isJsonata(this.#machine, state), this.#scope({}));
    if (state.Type === 'Wait') await this.#wait(state);
    const result = state.Type === 'Task' ? await this.#task(state) : undefined;
    const jsonata = isJsonata(this.#machine, state);
    const scope = this.#scope({ result });
    const template = state.Type === 'Succeed' ? undefined : state.Assign;
    return {
      output: await stateOutput(state, jsonata, scope),
      variables: await assigned(template, jsonata, scope),
      next: state.Type === 'Succeed' ? undefined : state.Next,
    };
  }

  async #pauseBeforeRetry(state: State): Promise<void> {
    const { cursor } = this.#execution;
    if (state.Type === 'Wait' || cursor.resumeAt === undefined) return;
    await pause(cursor.resumeAt, this.#signal);
    const { resumeAt: _over, ...rest } = cursor;
    await this.#save(rest);
  }

  async #wait(state: StateOf<'Wait'>): Promise<void> {
    const { cursor } = this.#execution;
    const until = cursor.resumeAt ?? (await waitEnd(state, this.#scope({})));
    await this.#save({ ...cursor, resumeAt: until });
    await pause(until, this.#signal);
  }

  async #task(state: StateOf<'Task'>): Promise<Json> {
    const result = await runTask({
      execution: this.#execution,
      state,
      jsonata: isJsonata(this.#machine, state),
      signal: this.#signal,
      call: this.#world.call,
      callbacks: this.#world.callbacks,
      save: (cursor) => this.#save(cursor),
      note: (type, details) => this.#note(type, details),
    });
    await this.#note('TaskSucceeded', { output: JSON.stringify(result) });
    return result;
  }

  /** Retry first, then Catch, else the execution fails. */
  async #recover(state: State, failure: StateError): Promise<Step | undefined> {
    if (state.Type !== 'Task') throw failure;
    const { error, reason } = failure;
    const timedOut = error === 'States.Timeout' || error === 'States.HeartbeatTimeout';
    await this.#note(timedOut ? 'TaskTimedOut' : 'TaskFailed', { error, cause: reason });
    const { task: _ended, ...cursor } = this.#execution.cursor;
    const retry = nextRetry(state.Retry, cursor.retries, error, Math.random());
    if (retry) {
      await this.#save({ ...cursor, retries: retry.retries, resumeAt: Date.now() + retry.delayMs });
      return undefined;
    }
    const catcher = catcherFor(state.Catch, error);
    if (!catcher) throw failure;
    const jsonata = isJsonata(this.#machine, state);
    const scope = this.#scope({ errorOutput: { Error: error, Cause: reason } });
    const output = await caughtOutput(catcher, jsonata, scope);
    await this.#note('TaskStateExited', { name: cursor.state, output: JSON.stringify(output) });
    return { output, variables: await assigned(catcher.Assign, jsonata, scope), next: catcher.Next };
  }

  #scope(more: Pick<Scope, 'result' | 'errorOutput'>): Scope {
    const { cursor } = this.#execution;
    return { input: cursor.input, variables: cursor.variables, context: contextOf(this.#execution), ...more };
  }

  async #save(cursor: Cursor): Promise<Execution> {
    this.#execution = { ...this.#execution, cursor };
    await this.#world.save(this.#execution);
    return this.#execution;
  }

  #note(type: string, details: Json): Promise<void> {
    return this.#world.note(this.#execution.arn, type, details);
  }
}

function asStateError(error: unknown): StateError {
  return error instanceof StateError ? error : new StateError('States.Runtime', String(error));
}
