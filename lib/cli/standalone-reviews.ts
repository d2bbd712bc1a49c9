import type { RecordAct } from '#core/ledger/plain-event.ts';
import type { Log, ReviewDesk } from '#core/ports.ts';
import { fileReviewDesk } from '#local/file-review-desk.ts';
import { type ProcessReviewFlow, processReviewFlow } from '#local/process-review-flow.ts';
import type { ReviewPorts } from '#review/ports.ts';
import { settleReview } from '#review/settle-review.ts';
import { wallClock } from './source-options.ts';
import { statePaths } from './standalone-state.ts';

/** Held answers of a state folder, with the same use cases as in the cloud. */
export function openReviews(
  folder: string,
  { record, log, watches = true }: { record: RecordAct; log: Log; watches?: boolean },
): ReviewPorts & { readonly desk: ReviewDesk; readonly flow: ProcessReviewFlow } {
  const desk = fileReviewDesk(statePaths(folder).reviews);
  const ports = { desk, record, clock: wallClock, log };
  const flow = processReviewFlow({
    ...ports,
    watches,
    settle: (caseId, outcome) => settleReview(ports, { caseId, outcome }),
  });
  return { ...ports, flow };
}
