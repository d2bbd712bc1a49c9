/** What the host knows of one function, whoever runs it. */
export interface FunctionSpec {
  readonly name: string;
  readonly arn: string;
  /** `index.handler`: file and export, as Lambda writes it. */
  readonly handler: string;
  /** Folder of the bundled asset; the function's working directory. */
  readonly assetDir: string;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  readonly environment: Readonly<Record<string, string>>;
}

/** What a function answers with. For a streamed answer the body arrives while the function still runs. */
export interface FunctionResponse {
  readonly requestId: string;
  readonly streaming: boolean;
  readonly contentType: string;
  /** Throws a `FunctionFailure`, behind the bytes already sent, when the function fails. Must be read to its end. */
  readonly body: AsyncIterable<Uint8Array>;
}

/** Runs invocations of one function, one at a time per execution environment. */
export interface Runner {
  /** Rejects with a `FunctionFailure` when the function fails before it began to answer. */
  invoke(payload: unknown, requestId?: string): Promise<FunctionResponse>;
  /** New invocations get new execution environments; running ones finish in the old. */
  recycle(environment?: Readonly<Record<string, string>>): void;
  close(): Promise<void>;
}

/** The function failed, in the words of the Invoke API: `Runtime.ExitError`, `Sandbox.Timedout`, or the error's own name. */
export class FunctionFailure extends Error {
  override readonly name = 'FunctionFailure';
  readonly errorType: string;

  constructor(errorType: string, message: string) {
    super(message);
    this.errorType = errorType;
  }
}

/** Largest request and largest buffered response, in bytes. */
export const PAYLOAD_LIMIT = 6 * 1024 * 1024;

/** More waiting invocations than this are refused, as Lambda throttles them. */
export const QUEUE_LIMIT = 1000;

export function timedOut(seconds: number): FunctionFailure {
  return new FunctionFailure('Sandbox.Timedout', `Task timed out after ${seconds.toFixed(2)} seconds`);
}

export function exited(how: string): FunctionFailure {
  return new FunctionFailure('Runtime.ExitError', `The execution environment stopped: ${how}`);
}

export function throttled(): FunctionFailure {
  return new FunctionFailure('TooManyRequestsException', 'Rate Exceeded.');
}
