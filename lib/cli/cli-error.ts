/** What the process says when it ends. Documented in `kt --help` and docs/cli.md. */
export const EXIT = {
  ok: 0,
  /** The operator's input is wrong: usage, a file, a pack with problems. */
  input: 1,
  /** A check ran and failed. */
  check: 2,
  /** Something cannot be reached: a service, a port. */
  unreachable: 3,
  /** A bug of ours. */
  internal: 70,
} as const;

/** Ends a command with one line that says what to do. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly exitCode: number;

  constructor(message: string, options: { exitCode?: number; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.exitCode = options.exitCode ?? EXIT.input;
  }
}

/** The code of a system error (`ENOENT`, `EADDRINUSE`, …), also when it is the cause of another. */
export function systemCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  if ('code' in error && typeof error.code === 'string') return error.code;
  return 'cause' in error ? systemCode(error.cause) : undefined;
}
