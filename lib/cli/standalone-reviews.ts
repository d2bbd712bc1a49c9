import type { RecordAct } from '#core/ledger/plain-event.ts';
import type { Log, ReviewDesk } from '#core/ports.ts';
import type { ReviewCase } from '#core/review/case.ts';
import { fileReviewDesk } from '#local/file-review-desk.ts';
import { type ProcessReviewFlow, processReviewFlow } from '#local/process-review-flow.ts';
import { actOnReview } from '#review/act-on-review.ts';
import type { ReviewPorts } from '#review/ports.ts';
import { settleReview } from '#review/settle-review.ts';
import { CliError } from './cli-error.ts';
import { wallClock } from './source-options.ts';
import { openRecord } from './standalone-record.ts';
import { standaloneOrigin, statePaths } from './standalone-state.ts';
import type { Terminal } from './terminal.ts';
import { errLog } from './terminal-log.ts';

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

/** One claim or decision on a state folder, recorded in its ledger. Throws what the person has to know. */
export async function actInFolder(folder: string, wish: object, terminal: Terminal): Promise<ReviewCase> {
  const log = errLog(terminal);
  const record = await openRecord(folder, await standaloneOrigin(folder, terminal.version), log);
  try {
    const answer = await actOnReview(openReviews(folder, { record: record.record, log }), wish);
    if (!answer.ok) throw new CliError(answer.error.message);
    return answer.case;
  } finally {
    await record.close();
  }
}
