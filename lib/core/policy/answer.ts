import type { PolicyRecord } from '#core/ledger/event.ts';
import type { ChainVerdict } from './chain.ts';
import type { AnswerField, FieldKind, Verdict } from './policy.ts';

/** What the provider added to one field. `index` is the tool call's, 0 or absent elsewhere. */
export interface AnswerDelta {
  readonly choice: number;
  readonly kind: FieldKind;
  readonly index?: number;
  readonly text: string;
}

/** A piece of guarded text, in the order of its field. */
export interface AnswerPiece extends AnswerField {
  readonly index: number;
}

/** Code units held back, counted after each push. */
export interface HoldStatistics {
  readonly pushes: number;
  readonly max: number;
  readonly sum: number;
}

/** What the output phase decided. */
export interface AnswerOutcome {
  readonly verdict: ChainVerdict;
  /** The kind that blocked. */
  readonly blockedBy?: string;
  /** The first kind of the chain that escalated; never together with `blockedBy`. */
  readonly escalatedBy?: string;
  /** Who wants another answer of the provider first, and how good it finds this one. Absent when another policy blocked. */
  readonly retry?: { readonly kind: string; readonly score: number };
  /** The deciding policy's own text for the person; the pack's message when absent. */
  readonly message?: string;
  /** Rule ids of the escalating policies: why the answer is held. */
  readonly heldFor: readonly string[];
  /** Every field, guarded: what was released, and what an escalation keeps for the reviewer. */
  readonly answer: readonly AnswerPiece[];
  readonly records: readonly PolicyRecord[];
  readonly verdicts: ReadonlyMap<string, Verdict>;
  /** Kinds that enforce but had no say because they failed. */
  readonly bypassed: readonly string[];
  readonly hold: HoldStatistics;
}

const ORDER: Readonly<Record<FieldKind, number>> = {
  reasoning: 0,
  content: 1,
  refusal: 2,
  'tool-name': 3,
  'tool-arguments': 4,
};

interface Place {
  readonly choice: number;
  readonly kind: FieldKind;
  readonly index: number;
}

/** Choice by choice: reasoning, content, refusal, then each tool call with its name before its arguments. */
export function inAnswerOrder(a: Place, b: Place): number {
  const tools = Number(ORDER[a.kind] > 2) - Number(ORDER[b.kind] > 2);
  return a.choice - b.choice || tools || a.index - b.index || ORDER[a.kind] - ORDER[b.kind];
}
