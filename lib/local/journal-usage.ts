import type { UsageRow } from '#core/cost/usage.ts';
import { type UsageDelta, usageDelta, usageRow, usageSums } from '#core/cost/usage-delta.ts';
import { isObject } from '#core/json.ts';
import { endsExchange } from '#core/ledger/ends-exchange.ts';
import type { LedgerEvent } from '#core/ledger/event.ts';
import { EVENT } from './journal-event-sink.ts';
import { readJournal } from './journal-reader.ts';

export interface UsagePeriod {
  /** yyyy-mm-dd (UTC), inclusive. */
  readonly from: string;
  readonly to: string;
  readonly app?: string;
}

export interface JournalUsage {
  readonly rows: UsageRow[];
  /** Lines that do not hold: what they said is in no row. */
  readonly damaged: number;
}

/**
 * The daily rows that a recorder would have counted of the events of a journal. A call that was given up for lost and then reported
 * back counts once, as what it was. Memory grows with rows and lost calls, not with events.
 */
export async function journalUsage(directory: string, period: UsagePeriod): Promise<JournalUsage> {
  const lost = new Map<string, UsageDelta>();
  let damaged = 0;
  const sums = usageSums();
  for await (const event of callsOf(directory, period)) {
    if (event === undefined) damaged += 1;
    else if (isLost(event)) lost.set(event.request_id, usageDelta(event));
    else sums.add(usageDelta(event));
  }
  await forgetFound(directory, period, lost);
  for (const delta of lost.values()) sums.add(delta);
  return { rows: sums.rows().map(usageRow), damaged };
}

function isLost({ type }: LedgerEvent): boolean {
  return type === 'request.outcome_unknown';
}

/** Leaves in `lost` what nothing else is known of. Few calls are lost, so the journal is read again only if there are any. */
async function forgetFound(
  directory: string,
  period: UsagePeriod,
  lost: Map<string, UsageDelta>,
): Promise<void> {
  if (lost.size === 0) return;
  for await (const event of callsOf(directory, period)) {
    if (event && !isLost(event)) lost.delete(event.request_id);
  }
}

/** Events that ended a call of the period; undefined for a damaged line. */
async function* callsOf(
  directory: string,
  { from, to, app }: UsagePeriod,
): AsyncGenerator<LedgerEvent | undefined> {
  // An event is written after its call began, so a file that was last written earlier holds nothing of the period.
  const files = readJournal(directory, ({ modified }) => modified >= Date.parse(from));
  for await (const entry of files) {
    if (!('record' in entry)) yield undefined;
    else {
      const event = entry.record.kind === EVENT ? entry.record['event'] : undefined;
      if (isObject(event) && isWanted(event)) yield event;
    }
  }

  /** The line's checksum holds, so what was written is an event. */
  function isWanted(event: object): event is LedgerEvent {
    const { type, at, app_id } = event as LedgerEvent;
    const day = at.slice(0, 10);
    return endsExchange({ type }) && from <= day && day <= to && (app === undefined || app_id === app);
  }
}
