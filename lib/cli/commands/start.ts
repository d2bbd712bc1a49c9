import { resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { CliError } from '../cli-error.ts';
import type { Terminal } from '../terminal.ts';

interface Options {
  readonly env?: string;
  readonly policyConfig?: string;
  readonly fresh?: boolean;
  readonly listen?: string;
  readonly gatewayPort?: number;
  readonly consolePort?: number;
}

const EXAMPLES = `
Examples:
  kt start
  kt start --policy-config policy-config.yaml     your pack, reloaded on save
  kt start --env prod --fresh

With OPENAI_API_KEY set, calls go to OpenAI (or to OPENAI_BASE_URL); without it a built-in stand-in answers.
KT_GATEWAY_PORT and KT_CONSOLE_PORT choose ports as the options do.`;

export function addStart(program: Command, terminal: Terminal): void {
  program
    .command('start')
    .description('boot the whole synthesized stack on this machine')
    .option('--env <name>', 'environment of environments/ (default: dev)')
    .option('--policy-config <file>', 'policy pack to use instead; reloaded on save')
    .option('--fresh', 'delete the state of this environment first')
    .option('--listen <address>', 'address to listen on (default: 127.0.0.1)')
    .option('--gateway-port <port>', 'default 41002; 0 = any free port', port)
    .option('--console-port <port>', 'default 41003; 0 = any free port', port)
    .addHelpText('after', EXAMPLES)
    .action((options: Options) => start(options, terminal));
}

/** Loaded on demand: no other command needs the embedded cloud. */
async function start(options: Options, terminal: Terminal): Promise<void> {
  const { runStart } = await import('../run-start.ts');
  const { env: environment, policyConfig, ...same } = options;
  const packFile = policyConfig === undefined ? {} : { packFile: resolve(terminal.cwd, policyConfig) };
  const problem = await runStart({ ...same, ...packFile, ...(environment ? { environment } : {}) }, terminal);
  if (problem !== undefined) throw new CliError(problem);
}

function port(text: string): number {
  const value = Number(text);
  if (/^[0-9]{1,5}$/.test(text) && value <= 65_535) return value;
  throw new InvalidArgumentError('Write a port from 0 to 65535.');
}
