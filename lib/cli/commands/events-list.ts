import type { Command } from 'commander';
import type { LedgerEvent } from '#core/ledger/event.ts';
import type { EventReader } from '#core/ports.ts';
import { addEventOptions, type EventOptions, eventReader, filterOf, moment } from '../event-options.ts';
import { eventTable } from '../show-event.ts';
import type { Terminal } from '../terminal.ts';

const PAGE = 200;

const EXAMPLES = `
Examples:
  kt events list --verdict blocked --since 7d
  kt events list --app support-bot --json | jq .cost.micros`;

export function addEventsList(events: Command, terminal: Terminal): void {
  addEventOptions(events.command('list').description('list recorded calls, newest first'))
    .option('--since <time>', 'from this time on: 15m, 2h, 7d or ISO time (default: 24h)', moment)
    .option('--until <time>', 'up to this time', moment)
    .addHelpText('after', EXAMPLES)
    .action(async (options: EventOptions) => {
      const { found, more } = await collect(await eventReader(options, terminal), options);
      print(found, options, terminal);
      if (more) terminal.err(`There are more: raise --limit (now ${options.limit}) or narrow --since.`);
    });
}

async function collect(
  reader: EventReader,
  options: EventOptions,
): Promise<{ found: LedgerEvent[]; more: boolean }> {
  const found: LedgerEvent[] = [];
  let cursor: string | undefined;
  do {
    const limit = Math.min(options.limit - found.length, PAGE);
    const page = await reader.list({ ...filterOf(options), limit, ...(cursor ? { cursor } : {}) });
    found.push(...page.events);
    cursor = page.next;
  } while (cursor && found.length < options.limit);
  return { found, more: cursor !== undefined };
}

function print(found: readonly LedgerEvent[], options: EventOptions, terminal: Terminal): void {
  if (options.json) for (const event of found) terminal.out(JSON.stringify(event));
  else if (found.length > 0) terminal.out(eventTable(found));
  else terminal.err('No events match.');
}
