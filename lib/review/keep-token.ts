import type { ReviewDesk } from '#core/ports.ts';
import type { AnnounceReview } from './announce-review.ts';
import { OpenMessage } from './messages.ts';

/**
 * A person was faster than the state machine. It catches this name and settles: the function that keeps tokens may not
 * resume anything itself.
 */
export class AlreadyDecided extends Error {
  override readonly name = 'AlreadyDecided';
}

/**
 * The state machine waits from here on: keeps its callback token with the case and tells that it waits. Throws AlreadyDecided when there is
 * nothing to wait for, and an error when the case is unknown, so that the machine ends instead of waiting for nobody.
 */
export async function keepToken(
  desk: ReviewDesk,
  message: unknown,
  announce?: AnnounceReview,
): Promise<void> {
  const { caseId, token } = OpenMessage.parse(message);
  await desk.keepToken(caseId, token);
  // Read after the write: whoever decides reads the token after deciding, so one of the two sees the other.
  const held = await desk.get(caseId);
  if (!held) throw new Error(`review case ${caseId} does not exist`);
  if (held.decision) throw new AlreadyDecided(`review case ${caseId} is already ${held.decision.state}`);
  await announce?.(held);
}
