import {
  isClaimedFrom,
  type ReviewApproval,
  type ReviewCase,
  type ReviewDecision,
} from '#core/review/case.ts';
import { nextAct } from '#core/review/next-act.ts';
import { type DecideAnswer, lost, missing, otherText, refused, sameAgain, taken, tooLate } from './answer.ts';
import { DecideRequest } from './messages.ts';
import type { ReviewPorts } from './ports.ts';
import { approvalDetail, recordReview } from './record-review.ts';
import { tellDecision } from './tell-decision.ts';

/** An act that met another one looks at the case again; each time round, somebody else's act took effect. */
const TRIES = 10;

/**
 * One person's act: checked, written once, recorded; the one that decides is then told to the state machine. Of two reviewers
 * exactly one decides; the other is told who. After the due time nobody does any more. Where a case needs several approvals, all
 * but the last one leave it undecided. Another person's claim keeps one from acting until it lapses. Repeating one's own act word
 * for word repairs what a crash left undone (an event may then appear twice, never not at all).
 */
export async function decideReview(ports: ReviewPorts, request: unknown): Promise<DecideAnswer> {
  const parsed = DecideRequest.safeParse(request);
  if (!parsed.success) return refused('invalid_request', issuesOf(parsed.error.issues));
  const wish = parsed.data;

  for (let tried = 0; tried < TRIES; tried += 1) {
    const held = await ports.desk.get(wish.id);
    const problem = objection(held, wish);
    if (problem || !held) return problem ?? missing();
    const answer = held.decision
      ? await finish(ports, held, held.decision, wish)
      : await act(ports, held, wish);
    if (answer) return answer;
  }
  throw new Error(`case ${wish.id}: the desk refused the act again and again`);
}

/** Reasons not to try at all; a case that was decided is none, the decision there says who won. */
function objection(held: ReviewCase | undefined, wish: DecideRequest): DecideAnswer | undefined {
  if (!held) return missing();
  if (held.requester !== undefined && held.requester === wish.by)
    return refused('not_allowed', 'You asked for this: another reviewer has to decide.');
  if (wish.state === 'edited' && held.phase === 'input')
    return refused('invalid_request', 'A held request cannot be edited: approve it as it is, or reject it.');
  if (wish.state === 'edited' && !wish.text?.trim())
    return refused('invalid_request', 'text: an edited answer needs the text that is to be served');
  if (wish.state !== 'edited' && wish.text !== undefined)
    return refused('invalid_request', `text: belongs to state "edited" only, not to "${wish.state}"`);
  if (wish.state !== 'approved' && wish.text_sha256 !== undefined)
    return refused(
      'invalid_request',
      `text_sha256: belongs to state "approved" only, not to "${wish.state}"`,
    );
  return undefined;
}

/** The act on an undecided case; nothing when another act came in between. */
async function act(
  ports: ReviewPorts,
  held: ReviewCase,
  wish: DecideRequest,
): Promise<DecideAnswer | undefined> {
  const at = new Date(ports.clock.now()).toISOString();
  const late = tooLate(held, at);
  if (late) return late;
  if (held.claim && isClaimedFrom(held, wish.by, at)) return taken(held.claim);
  const next = nextAct(held, wish, at);
  if ('already' in next) return again(ports, held, next.already, wish);
  if ('changedBy' in next) return otherText(next.changedBy);
  if ('full' in next)
    return refused('not_allowed', 'This was edited too often: approve the text or reject it.');
  if ('approval' in next) return approve(ports, held, next.approval);
  const seen = wish.state === 'rejected' ? undefined : (held.approvals?.length ?? 0);
  const decided = await ports.desk.decide(held.id, next.decision, seen);
  return decided?.decision && finish(ports, decided, decided.decision, wish);
}

async function approve(
  ports: ReviewPorts,
  held: ReviewCase,
  approval: ReviewApproval,
): Promise<DecideAnswer | undefined> {
  const approved = await ports.desk.approve(held.id, approval, held.approvals?.length ?? 0);
  if (!approved) return undefined;
  await recordApproval(ports, approved, approval);
  await ports.announce?.(approved);
  return { ok: true, case: approved };
}

/** The same person again is refused; the very same words repair an event that a crash may have eaten. */
async function again(
  ports: ReviewPorts,
  held: ReviewCase,
  standing: ReviewApproval,
  wish: DecideRequest,
): Promise<DecideAnswer> {
  if (standing.state === wish.state && standing.reason === wish.reason && standing.text === wish.text)
    await recordApproval(ports, held, standing);
  return sameAgain(standing);
}

/** Whoever decided: with our own decision what follows it, else who won. */
async function finish(
  ports: ReviewPorts,
  decided: ReviewCase,
  decision: ReviewDecision,
  wish: DecideRequest,
): Promise<DecideAnswer> {
  if (!isSame(decided, decision, wish)) return lost(decision);
  await tellDecision(ports, decided, decision);
  return { ok: true, case: decided };
}

const ROUTE = '/api/reviews/{id}/decide';

async function recordApproval(ports: ReviewPorts, held: ReviewCase, approval: ReviewApproval): Promise<void> {
  const detail = approvalDetail(approval, held);
  await recordReview(ports, held, approval, { type: 'review.approved', route: ROUTE, detail });
}

/** Whether the decision that stands came of this wish: the last of several approvals serves the text that was proposed. */
function isSame({ approvalsNeeded = 1 }: ReviewCase, decision: ReviewDecision, wish: DecideRequest): boolean {
  const { state, by, reason, text } = decision;
  if (by !== wish.by || reason !== wish.reason) return false;
  if (approvalsNeeded > 1 && state === 'edited') return wish.state === 'approved';
  return state === wish.state && text === wish.text;
}

function issuesOf(issues: readonly { path: PropertyKey[]; message: string }[]): string {
  return issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ');
}
