import type { DecideAnswer } from './answer.ts';
import { claimReview } from './claim-review.ts';
import { decideReview } from './decide-review.ts';
import type { ReviewPorts } from './ports.ts';
import { tellAgain } from './tell-decision.ts';

/**
 * What is done to a case: `{ act: 'claim' | 'unclaim', id, by }` or a decision, which has no `act`, by one person; by the sweeper
 * `{ act: 'tell', id, isRecorded }`.
 */
export async function actOnReview(ports: ReviewPorts, request: unknown): Promise<DecideAnswer> {
  const act = typeof request === 'object' && request !== null && 'act' in request ? request.act : undefined;
  if (act === undefined) return decideReview(ports, request);
  return act === 'tell' ? tellAgain(ports, request) : claimReview(ports, request);
}
