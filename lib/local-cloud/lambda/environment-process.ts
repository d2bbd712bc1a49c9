import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { FunctionFailure, FunctionSpec } from './runner.ts';
import { type Job, openRuntimeApi, type RuntimeApi } from './runtime-api.ts';

/** One execution environment: a child process that speaks the Runtime API. */
export interface EnvironmentProcess {
  give(job: Job): void;
  kill(): void;
}

export interface EnvironmentEvents {
  onIdle(): void;
  onInitError(failure: FunctionFailure): void;
  /** Called once; `how` says with which code or signal. */
  onExit(how: string): void;
  /** A line the function wrote. */
  onOutput(line: string): void;
}

const CLIENT = fileURLToPath(new URL('./runtime-client.ts', import.meta.url));

/** Variables of the machine that a program needs to start and to reach the network, and none that hold keys. */
const INHERITED = ['PATH', 'SystemRoot', 'TEMP', 'TMP', 'TMPDIR', 'TZ', 'NODE_EXTRA_CA_CERTS'];

/** Caps the heap below the machine's memory, so that a laptop can hold several environments. */
const MAX_HEAP_MB = 256;

export async function startEnvironment(
  spec: FunctionSpec,
  environment: Readonly<Record<string, string>>,
  events: EnvironmentEvents,
): Promise<EnvironmentProcess> {
  const api = await openRuntimeApi(events);
  const heap = Math.min(spec.memoryMb, MAX_HEAP_MB);
  const child = spawn(
    process.execPath,
    ['--no-warnings', `--max-old-space-size=${heap}`, '--max-semi-space-size=2', CLIENT],
    { cwd: spec.assetDir, env: variables(spec, environment, api), stdio: ['pipe', 'pipe', 'pipe'] },
  );
  forwardLines(child, events.onOutput);
  const exit = once((how: string) => {
    api.close();
    events.onExit(how);
  });
  child.once('error', (error) => exit(error.message));
  child.once('exit', (code, signal) => exit(signal ? `signal ${signal}` : `exit code ${code}`));
  // Writing to a child that is gone is not an event of its own.
  child.stdin.on('error', () => {});

  return { give: api.give, kill: () => void child.kill('SIGKILL') };
}

function variables(
  spec: FunctionSpec,
  environment: Readonly<Record<string, string>>,
  api: RuntimeApi,
): Record<string, string> {
  const inherited = INHERITED.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    ...Object.fromEntries(inherited),
    ...environment,
    _HANDLER: spec.handler,
    LAMBDA_TASK_ROOT: spec.assetDir,
    AWS_LAMBDA_RUNTIME_API: api.address,
    AWS_LAMBDA_FUNCTION_NAME: spec.name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(spec.memoryMb),
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${spec.name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: 'local',
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
  };
}

function forwardLines(child: ChildProcess, onOutput: (line: string) => void): void {
  for (const stream of [child.stdout, child.stderr]) {
    let rest = '';
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) onOutput(line);
    });
    stream?.on('end', () => rest && onOutput(rest));
  }
}

function once(action: (how: string) => void): (how: string) => void {
  let done = false;
  return (how) => {
    if (!done) action(how);
    done = true;
  };
}
