import type { Json } from '#core/json.ts';
import type { Callbacks } from './callbacks.ts';
import { secondsOf, taskInput } from './data-flow.ts';
import type { StateOf } from './definition.ts';
import { type Cursor, contextOf, type Execution } from './execution.ts';
import type { Scope } from './jsonata-expression.ts';
import { Interrupted, pause } from './pause.ts';
import { parseResource } from './resource.ts';
import { StateError } from './state-error.ts';
import type { TaskCaller } from './task-call.ts';

export interface TaskRun {
  readonly execution: Execution;
  readonly state: StateOf<'Task'>;
  readonly jsonata: boolean;
  readonly signal: AbortSignal;
  readonly call: TaskCaller;
  readonly callbacks: Callbacks;
  /** Keeps the cursor before anything happens outside. */
  save(cursor: Cursor): Promise<Execution>;
  note(type: string, details: Json): Promise<void>;
}

/** Runs a task to its result. Times are counted from the recorded start, so a restart does not prolong them. */
export async function runTask(run: TaskRun): Promise<Json> {
  const { cursor } = run.execution;
  const scope: Scope = {
    input: cursor.input,
    variables: cursor.variables,
    context: contextOf(run.execution),
  };
  const startedAt = cursor.task?.startedAt ?? Date.now();
  const deadline = await deadlineOf(run.state, startedAt, scope);
  const resource = parseResource(run.state.Resource);
  await run.note('TaskScheduled', { resource: resource.name, resourceType: resource.kind });
  return resource.waits
    ? waitForToken(run, scope, startedAt, deadline)
    : callAndWait(run, scope, startedAt, deadline);
}

async function deadlineOf(
  state: StateOf<'Task'>,
  startedAt: number,
  scope: Scope,
): Promise<number | undefined> {
  const seconds = await secondsOf(state.TimeoutSeconds, state.TimeoutSecondsPath, scope);
  return seconds === undefined ? undefined : startedAt + seconds * 1000;
}

async function callAndWait(run: TaskRun, scope: Scope, startedAt: number, deadline?: number): Promise<Json> {
  await run.save({ ...run.execution.cursor, task: { startedAt } });
  const input = await taskInput(run.state, run.jsonata, scope);
  return beforeDeadline(run, input, deadline);
}

/** The call itself cannot be taken back: at the deadline its result is no longer waited for. */
async function beforeDeadline(run: TaskRun, input: Json, deadline?: number): Promise<Json> {
  if (deadline !== undefined && deadline <= Date.now()) throw new StateError('States.Timeout', '');
  const stop = new AbortController();
  const signal = AbortSignal.any([run.signal, stop.signal]);
  const late = pause(deadline ?? Number.POSITIVE_INFINITY, signal).then(() => {
    throw new StateError('States.Timeout', '');
  });
  try {
    return await Promise.race([run.call(run.state.Resource, input, signal), late]);
  } finally {
    stop.abort(new Interrupted());
  }
}

async function waitForToken(run: TaskRun, scope: Scope, startedAt: number, deadline?: number): Promise<Json> {
  const token = run.execution.cursor.task?.token ?? (await issueToken(run, scope, startedAt, deadline));
  try {
    if (!run.callbacks.get(token)?.delivered) await deliver(run, token, deadline);
    const outcome = await run.callbacks.wait(token, run.signal);
    if ('error' in outcome) throw new StateError(outcome.error, outcome.cause);
    return outcome.output;
  } catch (error) {
    if (!(error instanceof Interrupted)) await run.callbacks.revoke(token);
    throw error;
  }
}

async function issueToken(run: TaskRun, scope: Scope, startedAt: number, deadline?: number): Promise<string> {
  const { HeartbeatSeconds, HeartbeatSecondsPath } = run.state;
  const heartbeat = await secondsOf(HeartbeatSeconds, HeartbeatSecondsPath, scope);
  const heartbeatMs = heartbeat === undefined ? undefined : heartbeat * 1000;
  const token = await run.callbacks.issue(run.execution.arn, deadline, heartbeatMs);
  await run.save({ ...run.execution.cursor, task: { startedAt, token } });
  return token;
}

async function deliver(run: TaskRun, token: string, deadline?: number): Promise<void> {
  const { cursor } = run.execution;
  const withToken = {
    ...run.execution,
    cursor: { ...cursor, task: { startedAt: 0, ...cursor.task, token } },
  };
  const scope: Scope = { input: cursor.input, variables: cursor.variables, context: contextOf(withToken) };
  const input = await taskInput(run.state, run.jsonata, scope);
  await beforeDeadline(run, input, deadline);
  await run.callbacks.markDelivered(token);
  await run.note('TaskSubmitted', { resource: parseResource(run.state.Resource).name });
}
