import type { ReviewCase, ReviewClaim, ReviewDecision } from '#core/review/case.ts';

/** Why a decision was not taken. */
export interface DecideError {
  readonly code: 'not_found' | 'already_decided' | 'claimed' | 'not_allowed' | 'invalid_request';
  /** Shown to the reviewer: says what to do. */
  readonly message: string;
  /** With `already_decided`: who won, with what, when. */
  readonly decision?: Pick<ReviewDecision, 'state' | 'by' | 'at'>;
}

/** A decision that stands, or why it does not. Losing a race is an answer, not an exception. */
export type DecideAnswer =
  | { readonly ok: true; readonly case: ReviewCase }
  | { readonly ok: false; readonly error: DecideError };

export function refused(code: DecideError['code'], message: string): DecideAnswer {
  return { ok: false, error: { code, message } };
}

export function missing(): DecideAnswer {
  return refused('not_found', 'There is no such review. The list under /api/reviews shows the open ones.');
}

export function taken({ by, until }: ReviewClaim): DecideAnswer {
  return refused('claimed', `${by} has claimed this answer until ${until}. Nothing was changed.`);
}

export function lost({ state, by, at }: ReviewDecision): DecideAnswer {
  const message = `This answer was already ${state} by ${by} at ${at}. Nothing was changed.`;
  return { ok: false, error: { code: 'already_decided', message, decision: { state, by, at } } };
}
