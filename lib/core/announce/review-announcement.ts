import { isReleased, type ReviewCase, standingApprovals } from '#core/review/case.ts';
import type { ReviewClosed, ReviewRequested } from './announcement.ts';

/** What is told about a case as it is now: that it waits, or how it ended. */
export function reviewAnnouncement(held: ReviewCase, environment: string): ReviewRequested | ReviewClosed {
  const { id, requestId = id, phase = 'output', appId, model, decision } = held;
  const about = { environment, app_id: appId, review_id: id, request_id: requestId, phase, model };
  if (!decision) {
    return {
      ...about,
      type: 'Review Requested',
      id: askedId(held),
      at: held.approvals?.at(-1)?.at ?? held.openedAt,
      rules: held.rules,
      due_at: held.dueAt,
      on_timeout: held.onTimeout,
      approvals_needed: held.approvalsNeeded ?? 1,
      approvals: standingApprovals(held).length,
    };
  }
  const { state, at } = decision;
  return {
    ...about,
    type: state === 'expired' ? 'Review Expired' : 'Review Decided',
    id: `${id}/closed`,
    at,
    state,
    released: isReleased(held),
  };
}

/** One for each approval that leaves the case undecided: each asks somebody else. */
function askedId({ id, approvals = [] }: ReviewCase): string {
  return approvals.length === 0 ? `${id}/requested` : `${id}/requested/${approvals.length}`;
}
