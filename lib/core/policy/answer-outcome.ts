import type { AnswerOutcome, AnswerPiece, HoldStatistics } from './answer.ts';
import { chainVerdict } from './chain.ts';
import type { OutputStep } from './output-step.ts';

/** Tells the output phase of one answer from what its steps said. */
export function concludeAnswer(
  steps: readonly OutputStep[],
  blockedBy: OutputStep | undefined,
  answer: readonly AnswerPiece[],
  hold: HoldStatistics,
): AnswerOutcome {
  const enforcing = steps.filter(({ step }) => step.mode === 'enforce');
  const escalating = blockedBy ? [] : enforcing.filter(({ action }) => action === 'escalate');
  const decider = blockedBy ?? escalating[0];
  const retrying = steps.find((step) => step.wantsRetry && (!blockedBy || blockedBy === step));
  return {
    verdict: chainVerdict(enforcing.map(({ action }) => action)),
    ...(blockedBy ? { blockedBy: blockedBy.step.kind } : {}),
    ...(escalating[0] ? { escalatedBy: escalating[0].step.kind } : {}),
    ...(retrying ? { retry: { kind: retrying.step.kind, score: retrying.verdict().score ?? 0 } } : {}),
    ...(decider?.message === undefined ? {} : { message: decider.message }),
    heldFor: [...new Set(escalating.flatMap((step) => Object.keys(step.rules)))],
    answer,
    records: steps.map((step) => step.record()),
    verdicts: new Map(enforcing.map((step) => [step.step.kind, step.verdict()])),
    bypassed: enforcing.filter(isBypassed).map(({ step }) => step.kind),
    hold,
  };
}

/** Failed, and the text went on all the same. */
function isBypassed({ failure, action, step }: OutputStep): boolean {
  return failure !== undefined && action !== 'block' && (step.on_error === 'allow' || action !== 'escalate');
}
