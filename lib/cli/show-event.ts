import { shownDollars } from '#core/cost/decimal-dollars.ts';
import { completionTokens, promptTokens } from '#core/cost/usage.ts';
import type { LedgerEvent } from '#core/ledger/event.ts';
import { printable } from '#local/printable.ts';
import { line, table } from './table.ts';

const HEADER = ['time', 'verdict', 'status', 'app', 'model', 'tokens', 'cost', 'ms', 'request', 'why'];
/** For lines that come one by one: wide enough for what is usual. */
const WIDTHS = [19, 9, 6, 12, 14, 11, 9, 6, 26];

/** Events as a table, in the order given. */
export function eventTable(events: readonly LedgerEvent[]): string {
  return table(HEADER, events.map(eventRow));
}

export function eventHeader(): string {
  return line(HEADER, WIDTHS);
}

export function eventLine(event: LedgerEvent): string {
  return line(eventRow(event), WIDTHS);
}

/** Integer micro-dollars as dollars, as exact as they are; an unknown price is said, never 0. */
export function dollars(micros: number | null): string {
  if (micros === null) return 'unknown';
  return shownDollars(micros);
}

function eventRow(event: LedgerEvent): string[] {
  const row = [
    event.at.slice(0, 19).replace('T', ' '),
    event.verdict,
    String(event.http_status),
    event.app_id,
    event.model_used ?? event.model_requested,
    tokens(event),
    dollars(event.cost.micros),
    String(Date.parse(event.ended_at) - Date.parse(event.at)),
    event.request_id,
    why(event),
  ];
  return row.map((cell) => printable(cell, 60));
}

function tokens({ usage }: LedgerEvent): string {
  if (usage.source === 'none') return '-';
  return `${promptTokens(usage)} → ${completionTokens(usage)}`;
}

/** What the policies said beyond "allow", or what went wrong. */
function why({ policies, error_code, type }: LedgerEvent): string {
  const spoken = policies
    .filter(({ action }) => action !== 'allow')
    .map(({ kind, action }) => `${kind} ${action}`);
  if (spoken.length > 0) return [...new Set(spoken)].join(', ');
  if (error_code) return error_code;
  return type === 'request.completed' ? '' : type;
}
