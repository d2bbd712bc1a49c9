import type { RecordAct } from '#core/ledger/plain-event.ts';
import type { Clock, Log, ReviewDesk, ReviewFlow } from '#core/ports.ts';

/** What deciding and closing a review needs from the world. */
export interface ReviewPorts {
  readonly desk: ReviewDesk;
  readonly flow: ReviewFlow;
  readonly record: RecordAct;
  readonly clock: Clock;
  readonly log: Log;
}
