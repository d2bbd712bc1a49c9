import type { Json, JsonObject } from '#core/json.ts';

export type ExecutionStatus = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';

/** A state machine as stored. */
export interface StoredMachine {
  readonly arn: string;
  readonly name: string;
  readonly definition: string;
  readonly roleArn: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly revision: string;
}

/** Where an execution stands; what a restart needs to go on. */
export interface Cursor {
  readonly state: string;
  readonly input: Json;
  readonly variables: JsonObject;
  /** Set when the state was entered and the history says so. Epoch milliseconds. */
  readonly enteredAt?: number;
  /** Attempts used, per retrier of the state. */
  readonly retries: readonly number[];
  /** A pause (Wait, or before a retry) lasts until then. */
  readonly resumeAt?: number;
  /** A task in progress: when it started, and the token it waits for. */
  readonly task?: { readonly startedAt: number; readonly token?: string };
}

/** One run of a state machine, as stored. It keeps the definition it started with. */
export interface Execution {
  readonly arn: string;
  readonly name: string;
  readonly machineArn: string;
  readonly machineName: string;
  readonly roleArn: string;
  readonly definition: string;
  readonly input: string;
  readonly status: ExecutionStatus;
  readonly startedAt: number;
  readonly stoppedAt?: number;
  readonly output?: string;
  readonly error?: string;
  readonly cause?: string;
  readonly cursor: Cursor;
}

/** A fresh stay in a state. */
export function enter(state: string, input: Json, variables: JsonObject): Cursor {
  return { state, input, variables, retries: [] };
}

/** `$states.context` (or `$$`) of an execution. */
export function contextOf(execution: Execution): JsonObject {
  const { cursor } = execution;
  const token = cursor.task?.token;
  return {
    Execution: {
      Id: execution.arn,
      Input: JSON.parse(execution.input) as Json,
      Name: execution.name,
      RoleArn: execution.roleArn,
      StartTime: new Date(execution.startedAt).toISOString(),
      RedriveCount: 0,
    },
    StateMachine: { Id: execution.machineArn, Name: execution.machineName },
    State: {
      Name: cursor.state,
      EnteredTime: new Date(cursor.enteredAt ?? execution.startedAt).toISOString(),
      RetryCount: cursor.retries.reduce((sum, count) => sum + count, 0),
    },
    ...(token === undefined ? {} : { Task: { Token: token } }),
  };
}
