import type { LedgerEvent } from './event.ts';

/** Types that end an exchange: they close its intent and count in the usage rows. */
const FINAL: ReadonlySet<string> = new Set<LedgerEvent['type']>([
  'request.completed',
  'request.blocked',
  'request.failed',
  'request.client_aborted',
  'request.outcome_unknown',
]);

export function endsExchange({ type }: Pick<LedgerEvent, 'type'>): boolean {
  return FINAL.has(type);
}
