import { Command } from 'commander';
import type { Family } from './families/family.ts';
import type { Terminal } from './terminal.ts';

const EXAMPLES = `
Examples:
  kt start                                        the whole stack on this machine
  kt init && kt policy lint policy-config.yaml    begin a policy pack
  kt gateway run --policy-config policy-config.yaml
  kt events tail --verdict blocked

Exit codes:
  0 ok   1 your input is wrong   2 a check failed   3 cannot reach   70 a bug in kt`;

/** The command tree of these families. Every command talks to the terminal that is handed in, never to the process. */
export function createProgram(terminal: Terminal, families: readonly Family[]): Command {
  const program = new Command('kt')
    .description('Keeptrusts Serverless: govern, record and review every model call.')
    .version(terminal.version, '-v, --version', 'print the version')
    .helpOption('-h, --help', 'show help for a command')
    .helpCommand('help [command]', 'show help for a command')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.out(text.trimEnd()),
      writeErr: (text) => terminal.err(text.trimEnd()),
      getOutHelpWidth: () => terminal.columns,
      getErrHelpWidth: () => terminal.columns,
      getOutHasColors: () => terminal.color,
      getErrHasColors: () => terminal.color,
    })
    .addHelpText('after', EXAMPLES);

  for (const add of families) add(program, terminal);
  program
    .command('version')
    .description('print the version')
    .action(() => terminal.out(terminal.version));
  return program;
}
