import type { DecideAnswer } from './answer.ts';
import { claimReview } from './claim-review.ts';
import { decideReview } from './decide-review.ts';
import type { ReviewPorts } from './ports.ts';

/** What one person does to a case: `{ act: 'claim' | 'unclaim', id, by }`, or a decision, which has no `act`. */
export async function actOnReview(ports: ReviewPorts, request: unknown): Promise<DecideAnswer> {
  const isClaim = typeof request === 'object' && request !== null && 'act' in request;
  return isClaim ? claimReview(ports, request) : decideReview(ports, request);
}
