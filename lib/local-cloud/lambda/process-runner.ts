import { randomUUID } from 'node:crypto';
import { type EnvironmentProcess, startEnvironment } from './environment-process.ts';
import {
  exited,
  FunctionFailure,
  type FunctionResponse,
  type FunctionSpec,
  QUEUE_LIMIT,
  type Runner,
  throttled,
  timedOut,
} from './runner.ts';
import type { Job } from './runtime-api.ts';

export interface ProcessRunnerOptions {
  /** Most execution environments at a time. */
  readonly max?: number;
  /** This many are started at once and stay. */
  readonly warm?: number;
  /** The others stop after this time without work. */
  readonly idleMs?: number;
  readonly initTimeoutMs?: number;
  onOutput?(line: string): void;
  /** An environment died while nobody waited for it; one line that says how. */
  onFailure?(line: string): void;
}

type State = 'starting' | 'idle' | 'busy' | 'gone';

interface Slot {
  state: State;
  process?: EnvironmentProcess;
  job?: Job | undefined;
  timer?: NodeJS.Timeout | undefined;
  /** When the job was given to it, in milliseconds of `performance.now()`. */
  began: number;
  /** Set by an init error, or by the host before it stops the process. */
  reason?: FunctionFailure;
  /** Finishes its job and is stopped then. */
  retired: boolean;
}

/** Runs a function in child processes: started when needed, kept, one invocation at a time in each. */
export function createProcessRunner(spec: FunctionSpec, options: ProcessRunnerOptions = {}): Runner {
  const { max = 1, warm = 0, idleMs = 60_000, initTimeoutMs = 30_000 } = options;
  const slots = new Set<Slot>();
  const queue: Job[] = [];
  let environment = spec.environment;
  let closed = false;

  function dispatch(): void {
    for (const slot of slots) {
      const job = slot.state === 'idle' && !slot.retired ? queue.shift() : undefined;
      if (job) assign(slot, job);
    }
    const starting = count((slot) => slot.state === 'starting');
    const wanted = Math.max(queue.length - starting, warm - count((slot) => !slot.retired));
    for (let n = Math.min(wanted, max - count((slot) => !slot.retired)); n > 0 && !closed; n--) startSlot();
  }

  function count(which: (slot: Slot) => boolean): number {
    return [...slots].filter(which).length;
  }

  function startSlot(): void {
    const slot: Slot = { state: 'starting', began: 0, retired: false };
    slots.add(slot);
    stopAfter(slot, initTimeoutMs, new FunctionFailure('Runtime.InitTimeout', 'The function did not start.'));
    startEnvironment(spec, environment, {
      onIdle: () => becomeIdle(slot),
      onInitError: (failure) => {
        slot.reason = failure;
      },
      onExit: (how) => end(slot, how),
      onOutput: (line) => options.onOutput?.(line),
    }).then(
      (process) => {
        slot.process = process;
        if (slot.retired) stop(slot);
      },
      (error: Error) => end(slot, error.message),
    );
  }

  function assign(slot: Slot, job: Job): void {
    slot.state = 'busy';
    slot.job = job;
    slot.began = performance.now();
    job.deadline = Date.now() + spec.timeoutSeconds * 1000;
    stopAfter(slot, spec.timeoutSeconds * 1000, timedOut(spec.timeoutSeconds));
    slot.process?.give(job);
  }

  function becomeIdle(slot: Slot): void {
    clearTimeout(slot.timer);
    if (slot.job) options.onOutput?.(reportOf(slot.job.id, performance.now() - slot.began, spec.memoryMb));
    slot.state = 'idle';
    slot.job = undefined;
    if (slot.retired) stop(slot);
    else dispatch();
    if (slot.state === 'idle' && count((other) => !other.retired) > warm) {
      slot.timer = setTimeout(() => retire(slot), idleMs).unref();
    }
  }

  function stopAfter(slot: Slot, ms: number, reason: FunctionFailure): void {
    clearTimeout(slot.timer);
    slot.timer = setTimeout(() => {
      slot.reason = reason;
      if (slot.job) slot.job.broken = reason;
      stop(slot);
    }, ms);
  }

  function stop(slot: Slot): void {
    slot.process?.kill();
  }

  function retire(slot: Slot): void {
    slot.retired = true;
    if (slot.state !== 'busy') stop(slot);
  }

  /** An environment that dies fails the job it had; one that never started fails the job it was started for. */
  function end(slot: Slot, how: string): void {
    clearTimeout(slot.timer);
    slots.delete(slot);
    const unborn = slot.state === 'starting';
    const job = unborn && !slot.retired ? queue.shift() : slot.job;
    slot.state = 'gone';
    const failure = slot.reason ?? exited(how);
    if (job) job.fail(failure);
    else if (!slot.retired) options.onFailure?.(`${failure.errorType}: ${failure.message}`);
    // A function that cannot start is not started again until somebody calls it.
    if (queue.length > 0 || !unborn) dispatch();
  }

  if (warm > 0) dispatch();

  return {
    invoke(payload, requestId = randomUUID()) {
      return new Promise<FunctionResponse>((accept, fail) => {
        if (closed || queue.length >= QUEUE_LIMIT) return fail(throttled());
        queue.push({
          id: requestId,
          payload: JSON.stringify(payload),
          arn: spec.arn,
          deadline: 0,
          accept,
          fail,
        });
        dispatch();
      });
    },
    recycle(next) {
      environment = next ?? environment;
      for (const slot of slots) retire(slot);
      dispatch();
    },
    async close() {
      closed = true;
      for (const job of queue.splice(0)) job.fail(exited('the host stopped'));
      for (const slot of slots) {
        retire(slot);
        stop(slot);
      }
      while (slots.size > 0) await new Promise((resolve) => setTimeout(resolve, 10));
    },
  };
}

/** The line that Lambda writes at the end of every invocation. */
function reportOf(id: string, ms: number, memoryMb: number): string {
  return `REPORT RequestId: ${id}\tDuration: ${ms.toFixed(2)} ms\tBilled Duration: ${Math.ceil(ms)} ms\tMemory Size: ${memoryMb} MB`;
}
