import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import {
  type ErrorRecord,
  errorRecord,
  type InvocationContext,
  type LambdaHandler,
  runHandler,
} from './invocation.ts';
import { createAwsLambda } from './response-stream.ts';
import {
  exited,
  FunctionFailure,
  type FunctionResponse,
  PAYLOAD_LIMIT,
  type Runner,
  timedOut,
} from './runner.ts';
import { bufferedResponse, tooLarge } from './runtime-api.ts';

export interface InProcessFunction {
  readonly name: string;
  readonly arn: string;
  readonly timeoutSeconds: number;
  /** Imports the handler; called again after a crash, a timeout or `recycle`, as a new environment would. */
  load(): Promise<LambdaHandler>;
}

/**
 * Runs a function in this process, for tests and the debugger: same rules, one invocation at a time. It cannot contain a
 * function that ends the process, and a function that timed out runs on unseen.
 */
export function createInProcessRunner(spec: InProcessFunction): Runner {
  let loaded: Promise<LambdaHandler> | undefined;
  let turn: Promise<unknown> = Promise.resolve();
  const forget = () => {
    loaded = undefined;
  };

  async function handlerOf(): Promise<LambdaHandler> {
    Object.assign(globalThis, { awslambda: createAwsLambda() });
    loaded ??= spec.load();
    try {
      return await loaded;
    } catch (error) {
      forget();
      throw failureOf(errorRecord(error));
    }
  }

  return {
    invoke(payload, requestId = randomUUID()) {
      return new Promise((accept, fail) => {
        turn = turn.then(async () => {
          try {
            await runOnce(spec, await handlerOf(), payload, requestId, { accept, fail });
          } catch (error) {
            forget();
            fail(error);
          }
        });
      });
    },
    recycle: forget,
    async close() {
      await turn;
    },
  };
}

interface Outcome {
  accept(response: FunctionResponse): void;
  fail(failure: FunctionFailure): void;
}

/** Resolves when the invocation is over; rejects when it broke, after which the environment is not used again. */
async function runOnce(
  spec: InProcessFunction,
  handler: LambdaHandler,
  payload: unknown,
  requestId: string,
  outcome: Outcome,
): Promise<void> {
  const event: unknown = JSON.parse(JSON.stringify(payload));
  const broken = Promise.withResolvers<never>();
  broken.promise.catch(() => {});
  let failure: FunctionFailure | undefined;
  const run = runHandler(handler, event, contextOf(spec, requestId), {
    async result(json) {
      const bytes = Buffer.from(json);
      if (bytes.length > PAYLOAD_LIMIT) outcome.fail(tooLarge());
      else outcome.accept(bufferedResponse(requestId, bytes));
    },
    async stream(contentType, body) {
      const relay = streamedBody(body, broken.promise, () => failure);
      outcome.accept({ requestId, streaming: true, contentType, body: relay.body });
      await relay.done;
    },
    async error(error) {
      failure = failureOf(error);
      outcome.fail(failure);
    },
  });
  await limited(run, spec.timeoutSeconds).catch((error: unknown) => {
    const reason = error instanceof FunctionFailure ? error : exited(String(error));
    broken.reject(reason);
    throw reason;
  });
}

/** The bytes as they come, then the failure if there is one; `done` when the reader has them all. */
function streamedBody(source: Readable, broken: Promise<never>, failure: () => FunctionFailure | undefined) {
  const done = Promise.withResolvers<void>();
  async function* body(): AsyncGenerator<Uint8Array> {
    try {
      const chunks = source[Symbol.asyncIterator]();
      for (;;) {
        const next = await Promise.race([chunks.next().catch(() => broken), broken]);
        if (next.done) break;
        yield next.value as Uint8Array;
      }
      const failed = failure();
      if (failed) throw failed;
    } finally {
      done.resolve();
    }
  }
  return { body: body(), done: done.promise };
}

async function limited(run: Promise<void>, seconds: number): Promise<void> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(timedOut(seconds)), seconds * 1000);
  try {
    await Promise.race([run, late.promise]);
  } finally {
    clearTimeout(timer);
    run.catch(() => {});
  }
}

function failureOf(error: ErrorRecord): FunctionFailure {
  return new FunctionFailure(error.errorType, error.errorMessage);
}

function contextOf(spec: InProcessFunction, awsRequestId: string): InvocationContext {
  const deadline = Date.now() + spec.timeoutSeconds * 1000;
  return {
    awsRequestId,
    functionName: spec.name,
    functionVersion: '$LATEST',
    invokedFunctionArn: spec.arn,
    memoryLimitInMB: '1024',
    logGroupName: `/aws/lambda/${spec.name}`,
    logStreamName: 'local',
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => deadline - Date.now(),
  };
}
