import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import type { Clock } from '#core/ports.ts';
import { CliError } from './cli-error.ts';
import type { ConsoleAddress } from './console-client.ts';
import { runningStack, STATE_FOLDER } from './stack-file.ts';
import type { Terminal } from './terminal.ts';

/** Where a command reads and decides: a console, or the state folder of `kt gateway run`. */
export type Source =
  | { readonly kind: 'console'; readonly address: ConsoleAddress }
  | { readonly kind: 'folder'; readonly folder: string };

export interface SourceOptions {
  readonly console?: string;
  readonly token?: string;
  readonly state?: string;
}

/** The machine's clock. */
export const wallClock: Clock = { now: Date.now };

export function addSourceOptions(command: Command): Command {
  return command
    .option('--console <url>', 'console to ask (default: the stack that kt start runs here)')
    .option('--token <ktc_…>', 'console token (or KT_CONSOLE_TOKEN)')
    .option('--state <folder>', 'state folder of kt gateway run (default: .kt)');
}

/**
 * What the operator named; else the stack that runs in this folder; else the state folder of `kt gateway run`. `role` is
 * the token taken from a running stack.
 */
export async function chooseSource(
  options: SourceOptions,
  terminal: Terminal,
  role: 'viewer' | 'reviewer',
): Promise<Source> {
  if (options.console)
    return { kind: 'console', address: { url: options.console, token: tokenOf(options, terminal) } };
  if (options.state) return { kind: 'folder', folder: resolve(terminal.cwd, options.state) };
  const stack = await runningStack(terminal);
  if (stack) {
    const token = options.token ?? (role === 'viewer' ? stack.viewerToken : stack.reviewerToken);
    return { kind: 'console', address: { url: stack.consoleUrl, token } };
  }
  const folder = join(terminal.cwd, STATE_FOLDER);
  if (await isFolder(folder)) return { kind: 'folder', folder };
  throw new CliError(
    'There is nothing to read here: no stack is running and there is no .kt folder.\n' +
      'Run kt start or kt gateway run, or name a place with --console <url> or --state <folder>.',
  );
}

function tokenOf(options: SourceOptions, terminal: Terminal): string {
  const token = options.token ?? terminal.env['KT_CONSOLE_TOKEN'];
  if (token) return token;
  throw new CliError(
    'A console needs a token: give --token or set KT_CONSOLE_TOKEN (kt keys create --role viewer).',
  );
}

export async function isFolder(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found?.isDirectory() ?? false;
}
