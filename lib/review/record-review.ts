import type { LedgerEvent } from '#core/ledger/event.ts';
import type { ReviewCase, ReviewDecision } from '#core/review/case.ts';
import type { ReviewPorts } from './ports.ts';

type ReviewEvent = Extract<LedgerEvent['type'], `review.${string}`>;

/** Writes one event about a case, under the request id of the held call; at the moment of the decision. */
export async function recordReview(
  { record }: Pick<ReviewPorts, 'record'>,
  held: ReviewCase,
  decision: ReviewDecision,
  act: { type: ReviewEvent; route: string; detail?: string },
): Promise<void> {
  await record({
    at: decision.at,
    type: act.type,
    requestId: held.id,
    appId: held.appId,
    keyId: held.keyId,
    auth: decision.by === 'system' ? 'system' : 'console',
    route: act.route,
    model: held.model,
    packHash: held.packHash,
    reviewId: held.id,
    reviewer: decision.by,
    detail: act.detail ?? `${decision.state}: ${decision.reason}`,
  });
}
