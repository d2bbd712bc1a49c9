import { Command } from 'commander';
import { addEventsList } from './commands/events-list.ts';
import { addEventsShow } from './commands/events-show.ts';
import { addEventsTail } from './commands/events-tail.ts';
import { addGatewayRun } from './commands/gateway-run.ts';
import { addHealth } from './commands/health.ts';
import { addInit } from './commands/init.ts';
import { addKeysCreate } from './commands/keys-create.ts';
import { addKeysList } from './commands/keys-list.ts';
import { addKeysRevoke } from './commands/keys-revoke.ts';
import { addPolicyExplain } from './commands/policy-explain.ts';
import { addPolicyLint } from './commands/policy-lint.ts';
import { addPolicyTest } from './commands/policy-test.ts';
import { addReviewDecide } from './commands/review-decide.ts';
import { addReviewList } from './commands/review-list.ts';
import { addReviewShow } from './commands/review-show.ts';
import { addStart } from './commands/start.ts';
import type { Terminal } from './terminal.ts';

const EXAMPLES = `
Examples:
  kt start                                        the whole stack on this machine
  kt init && kt policy lint policy-config.yaml    begin a policy pack
  kt gateway run --policy-config policy-config.yaml
  kt events tail --verdict blocked

Exit codes:
  0 ok   1 your input is wrong   2 a check failed   3 cannot reach   70 a bug in kt`;

/** The whole command tree. Every command talks to the terminal that is handed in, never to the process. */
export function createProgram(terminal: Terminal): Command {
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

  addStart(program, terminal);
  addInit(program, terminal);
  const policy = group(program, 'policy', 'check, test and explain policy packs');
  addPolicyLint(policy, terminal);
  addPolicyTest(policy, terminal);
  addPolicyExplain(policy, terminal);
  addGatewayRun(group(program, 'gateway', 'run the gateway in one process, without a cloud'), terminal);

  const events = group(program, 'events', 'read the record of every call');
  addEventsList(events, terminal);
  addEventsTail(events, terminal);
  addEventsShow(events, terminal);

  const review = group(program, 'review', 'decide held answers');
  addReviewList(review, terminal);
  addReviewShow(review, terminal);
  addReviewDecide(review, terminal);

  const keys = group(program, 'keys', 'create and revoke app keys and console tokens');
  addKeysCreate(keys, terminal);
  addKeysList(keys, terminal);
  addKeysRevoke(keys, terminal);

  addHealth(program, terminal);
  program
    .command('version')
    .description('print the version')
    .action(() => terminal.out(terminal.version));
  return program;
}

function group(program: Command, name: string, summary: string): Command {
  return program.command(name).description(summary);
}
