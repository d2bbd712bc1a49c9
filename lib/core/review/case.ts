import * as z from 'zod';

/** open → approved | edited | rejected | expired. Claiming comes with issue E; the states already carry it. */
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

/** A held answer, bound to the app, the exact request and the pack that held it. */
export const ReviewCase = z.strictObject({
  /** ULID; also the request id of the call that was held and the name of the execution. */
  id: z.string(),
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
  /** The guarded answer of choice 0, as the client would have got it. */
  answer: z.string(),
  /** Length of the answer, for lists that leave the text out. */
  answerChars: z.int().nonnegative().optional(),
  decision: ReviewDecision.optional(),
});
export type ReviewCase = z.infer<typeof ReviewCase>;

/** What the client may get of a case: the text, or undefined while undecided or rejected. */
export function releasedText(reviewCase: ReviewCase): string | undefined {
  const { decision } = reviewCase;
  if (!decision) return undefined;
  if (decision.state === 'approved') return reviewCase.answer;
  if (decision.state === 'edited') return decision.text ?? '';
  if (decision.state === 'expired' && reviewCase.onTimeout === 'release') return reviewCase.answer;
  return undefined;
}
