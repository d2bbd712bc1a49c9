import type { LedgerEvent } from '#core/ledger/event.ts';
import {
  type ReviewApproval,
  type ReviewCase,
  type ReviewDecision,
  standingApprovals,
} from '#core/review/case.ts';
import type { ReviewPorts } from './ports.ts';

type ReviewEvent = Extract<LedgerEvent['type'], `review.${string}`>;

/** Writes one event about a case, under the request id of the held call; at the moment of the act. */
export async function recordReview(
  { record }: Pick<ReviewPorts, 'record'>,
  held: ReviewCase,
  { by, at }: Pick<ReviewDecision, 'by' | 'at'>,
  act: { type: ReviewEvent; route: string; detail: string },
): Promise<void> {
  await record({
    at,
    type: act.type,
    requestId: held.requestId ?? held.id,
    appId: held.appId,
    keyId: held.keyId,
    auth: by === 'system' ? 'system' : 'console',
    route: act.route,
    model: held.model,
    packHash: held.packHash,
    reviewId: held.id,
    reviewer: by,
    detail: act.detail,
  });
}

/** A decision in words, as events carry it. */
export function decisionDetail({ state, reason }: ReviewDecision, held: ReviewCase): string {
  const needed = held.approvalsNeeded ?? 1;
  if (needed === 1) return `${state}: ${reason}`;
  const given = standingApprovals(held).length + (state === 'approved' || state === 'edited' ? 1 : 0);
  return `${state} (${given} of ${needed} approvals): ${reason}`;
}

/** One approval that is not the last one, in words. */
export function approvalDetail({ state, reason }: ReviewApproval, held: ReviewCase): string {
  return `${state} (${standingApprovals(held).length} of ${held.approvalsNeeded} approvals): ${reason}`;
}
