import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** What `npm start` writes for programs. */
interface LocalFile {
  readonly gatewayUrl: string;
  readonly consoleUrl: string;
  readonly apiKey: string;
  readonly adminToken: string;
  readonly reviewerToken: string;
  readonly viewerToken: string;
  readonly awsEndpoint: string;
  readonly region: string;
  readonly environment: string;
  readonly stateTable: string;
  readonly dedicated: { readonly [app: string]: string };
  readonly pid: number;
}

export interface Stack {
  readonly local: LocalFile;
  readonly child: ChildProcess;
  /** Everything the stack printed so far. */
  output(): string;
  /** Milliseconds from the start of the process to its last line of the banner. */
  readonly readyMs: number;
  stop(): Promise<void>;
  kill(): Promise<void>;
}

const PARTS = [
  'bin',
  'lib',
  'lambdas',
  'policies',
  'environments',
  'scripts',
  'examples',
  'package.json',
  'package-lock.json',
  'cdk.json',
  'tsconfig.json',
];

/** A folder that looks like a clone but has a state and a `cdk.out` of its own. */
export function makeProject(): string {
  const root = mkdtempSync(join(tmpdir(), 'kt-project-'));
  for (const part of PARTS) cpSync(part, join(root, part), { recursive: true });
  symlinkSync(resolve('node_modules'), join(root, 'node_modules'));
  return root;
}

export function removeProject(root: string): void {
  rmSync(root, { recursive: true, force: true });
}

/** `kt start` in a project, on free ports, as a process of its own. Rejects with what it printed when it ends early. */
export async function startStack(
  root: string,
  env: { [name: string]: string } = {},
  args: string[] = [],
): Promise<Stack> {
  const began = performance.now();
  const child = spawn(process.execPath, ['--no-warnings', 'bin/kt.ts', 'start', ...args], {
    cwd: root,
    env: { PATH: process.env['PATH'] ?? '', HOME: root, KT_GATEWAY_PORT: '0', KT_CONSOLE_PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const exited = new Promise<number | null>((done) => child.once('exit', done));
  await new Promise<void>((ready, fail) => {
    const take = (chunk: Buffer) => {
      output += chunk;
      if (/^try /m.test(output)) ready();
    };
    child.stdout?.on('data', take);
    child.stderr?.on('data', take);
    void exited.then((code) => fail(new Error(`kt start ended with ${code}:\n${output}`)));
  });
  const local = JSON.parse(readFileSync(join(root, '.kt/local.json'), 'utf8')) as LocalFile;
  const end = (signal: NodeJS.Signals) => async () => {
    child.kill(signal);
    await exited;
  };
  return {
    local,
    child,
    output: () => output,
    readyMs: performance.now() - began,
    stop: end('SIGTERM'),
    kill: end('SIGKILL'),
  };
}

/** Asks again until the answer is right, at most `ms`. */
export async function eventually<T>(ask: () => Promise<T | undefined>, ms = 10_000): Promise<T> {
  const end = performance.now() + ms;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() > end) throw new Error(`not within ${ms} ms`);
    await new Promise((done) => setTimeout(done, 50));
  }
}
