import { sha256Hex } from '../text/hash.ts';
import {
  currentText,
  type ReviewApproval,
  type ReviewCase,
  type ReviewDecision,
  standingApprovals,
} from './case.ts';

/** What a person wants to do to a case; `text` with `edited` only. */
export interface ReviewWish {
  readonly state: 'approved' | 'edited' | 'rejected';
  readonly by: string;
  readonly reason: string;
  readonly text?: string | undefined;
  /** SHA-256 hex of the text that is approved; absent = the answer itself. */
  readonly text_sha256?: string | undefined;
}

/** Further edits are refused: two people who undo each other must talk, and a case stays small. */
const MAX_ACTS = 20;

/** What the wish comes to: one more approval, the decision, or why it may not be. */
export type NextAct =
  | { readonly approval: ReviewApproval }
  | { readonly decision: ReviewDecision }
  /** That person's approval of the very same text already counts. */
  | { readonly already: ReviewApproval }
  /** The approval is of another text than the one that would be served. */
  | { readonly changedBy: ReviewApproval | undefined }
  | { readonly full: true };

/** Pure: what the wish does to the undecided case as it is. A rejection decides at once, whoever approved before. */
export function nextAct(held: ReviewCase, wish: ReviewWish, at: string): NextAct {
  const { state, by, reason, text } = wish;
  if (state === 'rejected') return { decision: { state, by, at, reason } };
  const standing = standingApprovals(held);
  const already = standing.find((approval) => approval.by === by);
  if (already) return { already };
  if (state === 'approved' && !isOfCurrentText(held, wish)) return { changedBy: editOf(standing) };

  const needed = held.approvalsNeeded ?? 1;
  const given = state === 'edited' ? 1 : standing.length + 1;
  if (given >= needed) return { decision: lastApproval(held, wish, at) };
  if (state === 'edited' && (held.approvals?.length ?? 0) >= MAX_ACTS) return { full: true };
  return { approval: { state, by, at, reason, ...(text !== undefined && { text }) } };
}

/** The SHA-256 by which an approval names its text. */
export function textHash(held: ReviewCase): string {
  return sha256Hex(currentText(held));
}

/** An approval that names no text is of the answer as it was held. */
function isOfCurrentText(held: ReviewCase, { text_sha256 }: ReviewWish): boolean {
  return text_sha256 === undefined ? !editOf(standingApprovals(held)) : text_sha256 === textHash(held);
}

function editOf([first]: readonly ReviewApproval[]): ReviewApproval | undefined {
  return first?.state === 'edited' ? first : undefined;
}

/** The approval that was missing: of a text somebody proposed, it serves that text. */
function lastApproval(held: ReviewCase, { state, by, reason, text }: ReviewWish, at: string): ReviewDecision {
  const proposed = editOf(standingApprovals(held)) && currentText(held);
  if (state === 'approved' && proposed !== undefined)
    return { state: 'edited', by, at, reason, text: proposed };
  return { state: state as 'approved' | 'edited', by, at, reason, ...(text !== undefined && { text }) };
}
