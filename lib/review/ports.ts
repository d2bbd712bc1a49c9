import type { RecordAct } from '#core/ledger/plain-event.ts';
import type { Clock, Log, ReviewDesk, ReviewFlow } from '#core/ports.ts';
import type { AnnounceReview } from './announce-review.ts';

/** What deciding and closing a review needs from the world. */
export interface ReviewPorts {
  readonly desk: ReviewDesk;
  readonly flow: ReviewFlow;
  readonly record: RecordAct;
  readonly clock: Clock;
  readonly log: Log;
  /** Absent where nobody listens. */
  readonly announce?: AnnounceReview;
}
