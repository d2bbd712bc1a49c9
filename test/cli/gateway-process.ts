import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LedgerEvent } from '#core/ledger/event.ts';
import type { Intent } from '#core/ports.ts';
import { readJournal } from '#local/journal-reader.ts';

const LAUNCHER = join(__dirname, '../../bin/kt.js');

/** `kt gateway run` as a process of its own, with everything it printed. */
export interface GatewayProcess {
  readonly child: ChildProcess;
  readonly url: string;
  /** Standard output and standard error together. */
  output(): string;
  /** Of the gateway itself; `child` is its launcher. */
  pid(): Promise<number>;
  /** Without warning, and waits until nobody listens any more. */
  kill(): Promise<void>;
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>;
}

const running = new Set<ChildProcess>();

/** Kills what a test left behind. */
export function killGateways(): void {
  for (const child of running) child.kill('SIGKILL');
}

export async function gatewayProcess(
  cwd: string,
  argv: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<GatewayProcess> {
  const child = spawn(process.execPath, [LAUNCHER, 'gateway', 'run', '--listen', '127.0.0.1:0', ...argv], {
    cwd,
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  const exited = once(child, 'exit').then(([code]) => code as number | null);
  void exited.then(() => running.delete(child));
  let said = '';
  child.stdout.on('data', (chunk) => {
    said += chunk;
  });
  child.stderr.on('data', (chunk) => {
    said += chunk;
  });
  let gone = false;
  void exited.then(() => {
    gone = true;
  });
  const url = await addressIn(
    () => said,
    () => gone,
  );
  if (!url) throw new Error(`the gateway ended: ${said}`);
  const pid = async () => JSON.parse(await readFile(join(cwd, '.kt/gateway.json'), 'utf8')).pid as number;
  return {
    child,
    url,
    output: () => said,
    pid,
    async kill() {
      process.kill(await pid(), 'SIGKILL');
      await exited;
    },
    stop() {
      child.kill('SIGTERM');
      return exited;
    },
  };
}

async function addressIn(said: () => string, gone: () => boolean): Promise<string | undefined> {
  while (!gone()) {
    const found = /gateway +(http:\S+)\/v1/.exec(said())?.[1];
    if (found && said().includes('record ')) return found;
    await sleep(10);
  }
  return undefined;
}

/** What the journal of a state folder holds; a damaged line throws. */
export async function journalIn(cwd: string): Promise<{ intents: Intent[]; events: LedgerEvent[] }> {
  const intents: Intent[] = [];
  const events: LedgerEvent[] = [];
  for await (const entry of readJournal(join(cwd, '.kt/journal'))) {
    if (!('record' in entry)) throw new Error(`line ${entry.damaged} is damaged`);
    const { kind, intent, event } = entry.record;
    if (kind === 'intent') intents.push(intent as unknown as Intent);
    if (kind === 'event') events.push(event as unknown as LedgerEvent);
  }
  return { intents, events };
}
