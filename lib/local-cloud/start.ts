import { boot, type Closable } from './boot.ts';
import { settingsOf } from './settings.ts';
import type { StartOptions, StartTerminal } from './start-options.ts';

/**
 * `kt start`: synthesizes if needed, boots the stacks of one environment from `cdk.out`, says where they are, and runs until
 * the terminal is interrupted; everything is closed when it resolves. Rejects with a `StartError` of one line when the stack
 * cannot start.
 */
export async function startLocal(options: StartOptions, terminal: StartTerminal): Promise<void> {
  const signal = terminal.interrupted();
  const opened: Closable[] = [];
  try {
    await boot(options, settingsOf(options, terminal.env), terminal, opened);
    await aborted(signal);
    terminal.err('stopping …');
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    for (const item of opened.toReversed()) await item.close();
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
