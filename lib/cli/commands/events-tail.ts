import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import type { LedgerEvent } from '#core/ledger/event.ts';
import type { EventFilter, EventReader } from '#core/ports.ts';
import { addEventOptions, type EventOptions, eventReader, filterOf } from '../event-options.ts';
import { eventHeader, eventLine } from '../show-event.ts';
import type { Terminal } from '../terminal.ts';

const POLL_MS = 1000;
/** Events may arrive this much after they began: a stream is recorded when it ends. */
const LOOK_BACK_MS = 20 * 60_000;
const PAGE = 200;
const MAX_PAGES = 50;

const EXAMPLES = `
Examples:
  kt events tail
  kt events tail --verdict blocked --json`;

export function addEventsTail(events: Command, terminal: Terminal): void {
  addEventOptions(events.command('tail').description('print calls as they are recorded, until Ctrl-C'))
    .addHelpText('after', EXAMPLES)
    .action(async (options: EventOptions) => {
      const reader = await eventReader(options, terminal);
      const signal = AbortSignal.any([terminal.interrupted(), terminal.readerGone]);
      const show = options.json ? (event: LedgerEvent) => JSON.stringify(event) : eventLine;
      if (!options.json) terminal.err(eventHeader());
      for await (const event of follow(reader, filterOf(options), options.limit, signal))
        terminal.out(show(event));
    });
}

/** The last `first` events, then every new one, each once, oldest first; ends when the signal aborts. */
async function* follow(
  reader: EventReader,
  filter: EventFilter,
  first: number,
  signal: AbortSignal,
): AsyncGenerator<LedgerEvent> {
  let seen = new Set<string>();
  let begun = false;
  while (!signal.aborted) {
    const recent = await readRecent(reader, filter);
    const fresh = recent.filter(({ event_id }) => !seen.has(event_id));
    yield* (begun ? fresh : fresh.slice(0, first)).reverse();
    seen = new Set(recent.map(({ event_id }) => event_id));
    begun = true;
    await sleep(POLL_MS, undefined, { signal }).catch(() => undefined);
  }
}

/** Newest first; everything that may still change between two polls. */
async function readRecent(reader: EventReader, filter: EventFilter): Promise<LedgerEvent[]> {
  const from = new Date(Date.now() - LOOK_BACK_MS).toISOString();
  const found: LedgerEvent[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const answer = await reader.list({ ...filter, from, limit: PAGE, ...(cursor ? { cursor } : {}) });
    found.push(...answer.events);
    cursor = answer.next;
    if (!cursor) break;
  }
  return found;
}
