import type { Log } from '#core/ports.ts';
import { withoutCredentials } from '#core/text/without-credentials.ts';
import { terminalLog } from '#local/terminal-log.ts';
import { wallClock } from './source-options.ts';
import type { Terminal } from './terminal.ts';

/** The log of a long-running command, on standard output. What looks like a credential is never printed. */
export function outLog(terminal: Terminal, format: 'text' | 'json'): Log {
  return terminalLog({ write: (line) => terminal.out(withoutCredentials(line)), clock: wallClock, format });
}

/** The log of a command whose standard output is its result. */
export function errLog(terminal: Terminal): Log {
  const write = (line: string) => terminal.err(withoutCredentials(line));
  return terminalLog({ write, clock: wallClock, format: 'text' });
}
