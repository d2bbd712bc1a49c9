import type { Command } from 'commander';
import { CliError } from '../cli-error.ts';
import { type EventOptions, eventReader } from '../event-options.ts';
import { eventDetail } from '../show-event-detail.ts';
import { addSourceOptions } from '../source-options.ts';
import type { Terminal } from '../terminal.ts';

export function addEventsShow(events: Command, terminal: Terminal): void {
  addSourceOptions(events.command('show').description('show everything recorded about one request'))
    .argument('<request>', 'request id: the x-request-id of the answer')
    .option('--journal <folder>', 'journal to read (default: journal in the state folder)')
    .option('--json', 'one JSON object per line')
    .action(async (request: string, options: EventOptions) => {
      const found = await (await eventReader(options, terminal)).find(request);
      if (found.length === 0) throw new CliError(`There is no event of request ${request}.`);
      const pages = found.map((event) => (options.json ? JSON.stringify(event) : eventDetail(event)));
      terminal.out(pages.join(options.json ? '\n' : '\n\n'));
    });
}
