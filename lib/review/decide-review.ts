import type { ReviewCase, ReviewDecision } from '#core/review/case.ts';
import { type DecideAnswer, lost, missing, refused, taken } from './answer.ts';
import { DecideRequest } from './messages.ts';
import type { ReviewPorts } from './ports.ts';
import { tellDecision } from './tell-decision.ts';

/**
 * One person's decision: checked, written once, recorded, then told to the state machine. Of two reviewers exactly one
 * wins; the other is told who. Another person's claim keeps one from deciding until it lapses. Repeating one's own decision word for word succeeds again and repairs what a crash
 * left undone (an event may then appear twice, never not at all).
 */
export async function decideReview(ports: ReviewPorts, request: unknown): Promise<DecideAnswer> {
  const parsed = DecideRequest.safeParse(request);
  if (!parsed.success) return refused('invalid_request', issuesOf(parsed.error.issues));
  const wish = parsed.data;

  const held = await ports.desk.get(wish.id);
  const problem = objection(held, wish);
  if (problem || !held) return problem ?? missing();

  const decided = held.decision ? held : await decideOnce(ports, held, wish);
  const { decision } = decided;
  if (!decision && decided.claim) return taken(decided.claim);
  if (!decision) throw new Error(`case ${wish.id}: the desk refused the decision, yet none is there`);
  if (!isSame(decision, wish)) return lost(decision);

  await tellDecision(ports, decided, decision);
  return { ok: true, case: decided };
}

/** Reasons not to try at all; a case that was decided is none, the decision there says who won. */
function objection(held: ReviewCase | undefined, wish: DecideRequest): DecideAnswer | undefined {
  if (!held) return missing();
  if (held.requester !== undefined && held.requester === wish.by)
    return refused('not_allowed', 'You asked for this answer: another reviewer has to decide.');
  if (wish.state === 'edited' && !wish.text?.trim())
    return refused('invalid_request', 'text: an edited answer needs the text that is to be served');
  if (wish.state !== 'edited' && wish.text !== undefined)
    return refused('invalid_request', `text: belongs to state "edited" only, not to "${wish.state}"`);
  return undefined;
}

/** The case with the decision that stands: ours, or that of whoever was faster. */
async function decideOnce(ports: ReviewPorts, held: ReviewCase, wish: DecideRequest): Promise<ReviewCase> {
  const { state, by, reason, text } = wish;
  const at = new Date(ports.clock.now()).toISOString();
  const decision: ReviewDecision = { state, by, at, reason, ...(text !== undefined && { text }) };
  return (await ports.desk.decide(held.id, decision)) ?? (await ports.desk.get(held.id)) ?? held;
}

function isSame(decision: ReviewDecision, wish: DecideRequest): boolean {
  return (['state', 'by', 'reason', 'text'] as const).every((part) => decision[part] === wish[part]);
}

function issuesOf(issues: readonly { path: PropertyKey[]; message: string }[]): string {
  return issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ');
}
