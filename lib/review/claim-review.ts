import { CLAIM_MS, type ReviewCase, type ReviewClaim, standingApprovals } from '#core/review/case.ts';
import { type DecideAnswer, lost, missing, refused, sameAgain, taken, tooLate } from './answer.ts';
import { ClaimRequest } from './messages.ts';
import type { ReviewPorts } from './ports.ts';
import { recordReview } from './record-review.ts';

type ClaimPorts = Pick<ReviewPorts, 'desk' | 'record' | 'clock'>;

/**
 * Takes a case for one person, or gives it back. Exclusive: the other one is told who has it and until when. Claiming
 * one's own case again renews it. Each act that took effect is an event.
 */
export async function claimReview(ports: ClaimPorts, request: unknown): Promise<DecideAnswer> {
  const parsed = ClaimRequest.safeParse(request);
  if (!parsed.success) return refused('invalid_request', 'A claim is { act: "claim" | "unclaim", id, by }.');
  const { act, id, by } = parsed.data;
  const found = await ports.desk.get(id);
  if (!found) return missing();
  if (found.decision) return lost(found.decision);
  const approved = standingApprovals(found).find((approval) => approval.by === by);
  if (act === 'claim' && approved) return sameAgain(approved);
  if (act === 'claim' && found.requester === by)
    return refused('not_allowed', 'You asked for this: another reviewer has to decide.');

  const at = new Date(ports.clock.now()).toISOString();
  const late = tooLate(found, at);
  if (late) return late;
  const held =
    act === 'claim' ? await ports.desk.claim(id, claimOf(by, at)) : await ports.desk.unclaim(id, by);
  if (!held) return whoHas(await ports.desk.get(id));
  const type = act === 'claim' ? 'review.claimed' : 'review.unclaimed';
  const detail = held.claim ? `until ${held.claim.until}` : 'given back';
  await recordReview(ports, held, { by, at }, { type, route: `/api/reviews/{id}/${act}`, detail });
  return { ok: true, case: held };
}

function claimOf(by: string, at: string): ReviewClaim {
  return { by, at, until: new Date(Date.parse(at) + CLAIM_MS).toISOString() };
}

/** Why the desk refused. */
function whoHas(standing: ReviewCase | undefined): DecideAnswer {
  if (standing?.decision) return lost(standing.decision);
  if (standing?.claim) return taken(standing.claim);
  return refused('not_allowed', 'You have no claim on this case. Nothing was changed.');
}
