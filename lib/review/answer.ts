import type { ReviewApproval, ReviewCase, ReviewClaim, ReviewDecision } from '#core/review/case.ts';

/** Why a decision was not taken. */
export interface DecideError {
  readonly code:
    | 'not_found'
    | 'already_decided'
    | 'already_approved'
    | 'text_changed'
    | 'claimed'
    | 'not_allowed'
    | 'invalid_request';
  /** Shown to the reviewer: says what to do. */
  readonly message: string;
  /** With `already_decided`: who won, with what, when. */
  readonly decision?: Pick<ReviewDecision, 'state' | 'by' | 'at'>;
  /** With `already_approved`: what the same person did; with `text_changed`: who proposed the text there is now. */
  readonly approval?: Pick<ReviewApproval, 'state' | 'by' | 'at'>;
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
  return refused('claimed', `${by} has claimed this case until ${until}. Nothing was changed.`);
}

/** The same person twice: who acted already must leave the rest to others. */
export function sameAgain({ state, by, at }: ReviewApproval): DecideAnswer {
  const did = state === 'edited' ? 'proposed this text' : 'approved this text';
  const message = `You (${by}) ${did} at ${at}: another reviewer has to approve it as well. Nothing was changed.`;
  return { ok: false, error: { code: 'already_approved', message, approval: { state, by, at } } };
}

/** An approval of a text that is not the one that would be served. */
export function otherText(edit: ReviewApproval | undefined): DecideAnswer {
  if (!edit)
    return refused(
      'text_changed',
      'text_sha256 is not that of the held text. Read it again. Nothing was changed.',
    );
  const { state, by, at } = edit;
  const message = `${by} proposed another text at ${at}. Read it, then approve it with its text_sha256. Nothing was changed.`;
  return { ok: false, error: { code: 'text_changed', message, approval: { state, by, at } } };
}

export function lost({ state, by, at }: ReviewDecision): DecideAnswer {
  const message = `This case was already ${state} by ${by} at ${at}. Nothing was changed.`;
  return { ok: false, error: { code: 'already_decided', message, decision: { state, by, at } } };
}

/** What a person is told who comes after the time of a case that nothing has closed yet: the time counts, not who closes it. */
export function tooLate({ decision, dueAt }: ReviewCase, at: string): DecideAnswer | undefined {
  if (decision || dueAt > at) return undefined;
  return lost({ state: 'expired', by: 'system', at: dueAt, reason: 'nobody decided in time' });
}
