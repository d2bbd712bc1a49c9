import type { Terminal } from '#cli/terminal.ts';

export interface FakeTerminal extends Terminal {
  readonly output: string[];
  readonly errors: string[];
  /** What Ctrl-C does. */
  interrupt(): void;
  /** What SIGHUP does to a service. */
  hangUp(): void;
}

/** A terminal that keeps what was printed. */
export function fakeTerminal(cwd: string, env: Record<string, string> = {}): FakeTerminal {
  const output: string[] = [];
  const errors: string[] = [];
  const ending = new AbortController();
  const reloads: (() => void)[] = [];
  return {
    output,
    errors,
    out: (text) => void output.push(...text.split('\n')),
    err: (text) => void errors.push(...text.split('\n')),
    env,
    cwd,
    root: cwd,
    version: '9.9.9',
    isTTY: false,
    color: false,
    columns: 100,
    interrupted: () => ending.signal,
    readerGone: new AbortController().signal,
    onReload: (listener) => void reloads.push(listener),
    interrupt: () => ending.abort(),
    hangUp: () => {
      for (const reload of reloads) reload();
    },
  };
}
