import { type ReviewCase, releasedText } from '#core/review/case.ts';
import type { ReviewClosed, ReviewRequested } from './announcement.ts';

/** What is told about a case as it is now: that it waits, or how it ended. */
export function reviewAnnouncement(held: ReviewCase, environment: string): ReviewRequested | ReviewClosed {
  const { id, appId, model, decision } = held;
  const about = { environment, app_id: appId, review_id: id, model };
  if (!decision) {
    return {
      ...about,
      type: 'Review Requested',
      id: `${id}/requested`,
      at: held.openedAt,
      rules: held.rules,
      due_at: held.dueAt,
      on_timeout: held.onTimeout,
    };
  }
  const { state, at } = decision;
  return {
    ...about,
    type: state === 'expired' ? 'Review Expired' : 'Review Decided',
    id: `${id}/closed`,
    at,
    state,
    released: releasedText(held) !== undefined,
  };
}
