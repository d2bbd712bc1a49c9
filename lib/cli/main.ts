import { CommanderError } from 'commander';
import { CliError, EXIT } from './cli-error.ts';
import type { Family } from './families/family.ts';
import { createProgram } from './program.ts';
import type { Terminal } from './terminal.ts';

/** Gives the commands that a command line can need. */
type LoadFamilies = (argv: readonly string[]) => Promise<readonly Family[]>;

/** Runs one `kt` command; `argv` is what follows `kt`. Resolves with the exit code and never throws. */
export async function main(
  argv: readonly string[],
  terminal: Terminal,
  loadFamilies: LoadFamilies,
): Promise<number> {
  try {
    await createProgram(terminal, await loadFamilies(argv)).parseAsync([...argv], { from: 'user' });
    return EXIT.ok;
  } catch (error) {
    return report(error, terminal);
  }
}

function report(error: unknown, terminal: Terminal): number {
  // Commander has printed its own message; help and version that were asked for end well.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.input;
  if (error instanceof CliError) {
    if (error.message) terminal.err(error.message);
    return error.exitCode;
  }
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  terminal.err(`kt failed, and that is a bug here. Please report it with these lines:\n${detail}`);
  return EXIT.internal;
}
