import { ALL_FAMILIES } from '#cli/families/all.ts';
import { main } from '#cli/main.ts';
import { type FakeTerminal, fakeTerminal } from './fake-terminal.ts';

export const allFamilies = async () => ALL_FAMILIES;

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs one `kt` command in this process. */
export async function kt(
  cwd: string,
  argv: readonly string[],
  env: Record<string, string> = {},
): Promise<Ran> {
  const terminal = fakeTerminal(cwd, env);
  const code = await main(argv, terminal, allFamilies);
  return { code, out: terminal.output.join('\n'), err: terminal.errors.join('\n') };
}

export interface Running {
  readonly terminal: FakeTerminal;
  readonly url: string;
  /** Ctrl-C, then the exit code. */
  stop(): Promise<number>;
}

/** Starts `kt gateway run` on a free port and waits until it says where it listens. */
export async function runGateway(
  cwd: string,
  argv: readonly string[] = [],
  env: Record<string, string> = {},
): Promise<Running> {
  const terminal = fakeTerminal(cwd, env);
  const ended = main(['gateway', 'run', '--listen', '127.0.0.1:0', ...argv], terminal, allFamilies);
  const url = await Promise.race([firstUrl(terminal), ended.then(() => undefined)]);
  if (!url) throw new Error(`kt gateway run ended: ${terminal.errors.join('\n')}`);
  return {
    terminal,
    url,
    stop() {
      terminal.interrupt();
      return ended;
    },
  };
}

async function firstUrl({ output, errors }: FakeTerminal): Promise<string> {
  for (;;) {
    const found = [...output, ...errors].join('\n').match(/gateway +(http:\S+)\/v1/);
    if (found?.[1]) return found[1];
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
