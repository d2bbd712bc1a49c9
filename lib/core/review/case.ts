import * as z from 'zod';

/** open ⇄ claimed → approved | edited | rejected | expired. */
export const ReviewState = z.enum(['open', 'claimed', 'approved', 'edited', 'rejected', 'expired']);
export type ReviewState = z.infer<typeof ReviewState>;

export const ReviewDecision = z.strictObject({
  state: z.enum(['approved', 'edited', 'rejected', 'expired']),
  /** Who decided: a console subject, or `system` for an expiry. */
  by: z.string(),
  at: z.string(),
  reason: z.string().min(1).max(2000),
  /** With `edited`: the text to serve. */
  text: z.string().optional(),
});
export type ReviewDecision = z.infer<typeof ReviewDecision>;

/**
 * One person agrees with the text that is to be served, on a case that needs several people. `edited` proposes another
 * text and agrees with it: the approvals before it, which were of another text, count no more.
 */
export const ReviewApproval = z.strictObject({
  state: z.enum(['approved', 'edited']),
  by: z.string(),
  at: z.string(),
  reason: z.string().min(1).max(2000),
  /** With the last `edited`: the text proposed. Those of earlier ones may be left out when a case is read. */
  text: z.string().exactOptional(),
});
export type ReviewApproval = z.infer<typeof ReviewApproval>;

/** A claim lapses after this long, so that nobody blocks a case by going home. Claiming again renews it. */
export const CLAIM_MS = 15 * 60 * 1000;

/** Who works on a case: until the claim lapses or is given back, nobody else may claim or decide it. */
export const ReviewClaim = z.strictObject({ by: z.string(), at: z.string(), until: z.string() });
export type ReviewClaim = z.infer<typeof ReviewClaim>;

/** The most people a case may need. */
export const MAX_APPROVALS = 5;

/** A held answer, or a held request, bound to the app, the exact request and the pack that held it. */
export const ReviewCase = z.strictObject({
  /** ULID; also the name of the execution and, unless `requestId` says otherwise, the request id of the call that was held. */
  id: z.string(),
  /** Where one call was held twice: its request, then its answer. */
  requestId: z.string().exactOptional(),
  /** What is held: `input`, a request before any provider was called; absent = `output`, its answer. */
  phase: z.enum(['input', 'output']).exactOptional(),
  appId: z.string(),
  keyId: z.string(),
  /** Who asked, where a verified identity says so (never a mere claim): that person may not decide. */
  requester: z.string().optional(),
  /** SHA-256 hex of the canonical request (RFC 8785) without volatile fields. */
  requestHash: z.string(),
  packHash: z.string(),
  model: z.string(),
  state: ReviewState,
  openedAt: z.string(),
  dueAt: z.string(),
  onTimeout: z.enum(['reject', 'release']),
  /** Why it was held: rule ids only. */
  rules: z.array(z.string()),
  /** The guarded answer of choice 0, as the client would have got it; of a request, its texts as the provider would get them. */
  answer: z.string(),
  /** Length of the answer, for lists that leave the text out. */
  answerChars: z.int().nonnegative().optional(),
  /** How many different people must agree with one text before it is released; absent = one. */
  approvalsNeeded: z.int().min(1).max(MAX_APPROVALS).exactOptional(),
  /** In the order of the acts, without the final one (the decision). */
  approvals: z.array(ReviewApproval).exactOptional(),
  claim: ReviewClaim.exactOptional(),
  decision: ReviewDecision.optional(),
});
export type ReviewCase = z.infer<typeof ReviewCase>;

/** Whether that person's act at `at` (ISO 8601) would cross somebody else's claim. The system crosses every claim. */
export function isClaimedFrom({ claim }: Pick<ReviewCase, 'claim'>, by: string, at: string): boolean {
  return claim !== undefined && by !== 'system' && claim.by !== by && claim.until > at;
}

/** The case as it is at `at`: undecided ones are claimed or open, and a lapsed claim is none. */
export function caseAt({ claim, ...held }: ReviewCase, at: string): ReviewCase {
  if (held.decision) return held;
  return claim && claim.until > at ? { ...held, claim, state: 'claimed' } : { ...held, state: 'open' };
}

/** The approvals that count: those of the text that would be served now, thus from the last edit on. */
export function standingApprovals({ approvals = [] }: Pick<ReviewCase, 'approvals'>): ReviewApproval[] {
  return approvals.slice(Math.max(0, lastEdit(approvals)));
}

/** The text that an approval is of: the last one that a reviewer proposed, else the answer. */
export function currentText({ answer, approvals = [] }: Pick<ReviewCase, 'answer' | 'approvals'>): string {
  return approvals[lastEdit(approvals)]?.text ?? answer;
}

/** Where the edit is whose text counts; -1 without one. */
export function lastEdit(approvals: readonly ReviewApproval[]): number {
  return approvals.findLastIndex(({ state }) => state === 'edited');
}

/** Whether what was held may go on: a person let it, or the time limit. */
export function isReleased({ decision, onTimeout }: Pick<ReviewCase, 'decision' | 'onTimeout'>): boolean {
  if (decision?.state === 'expired') return onTimeout === 'release';
  return decision !== undefined && decision.state !== 'rejected';
}

/** What the client may get of a case: the text, or undefined while undecided or rejected, and where its request was held. */
export function releasedText(reviewCase: ReviewCase): string | undefined {
  const { decision, phase, answer } = reviewCase;
  if (!isReleased(reviewCase) || phase === 'input') return undefined;
  if (decision?.state === 'edited') return decision.text ?? '';
  return decision?.state === 'expired' ? currentText(reviewCase) : answer;
}
