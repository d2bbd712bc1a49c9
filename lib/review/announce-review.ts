import { reviewAnnouncement } from '#core/announce/review-announcement.ts';
import type { Announcer, Log } from '#core/ports.ts';
import type { ReviewCase } from '#core/review/case.ts';

/** Tells that a case waits, or how it ended. Never throws: a review goes on whoever hears of it. */
export type AnnounceReview = (held: ReviewCase) => Promise<void>;

export function reviewAnnouncer(
  announcer: Announcer,
  { environment, log }: { readonly environment: string; readonly log: Log },
): AnnounceReview {
  return async (held) => {
    const announcement = reviewAnnouncement(held, environment);
    const { type, id } = announcement;
    try {
      await announcer.announce(announcement);
    } catch (error) {
      log.error('announcement failed', { type, id, error });
    }
  };
}
