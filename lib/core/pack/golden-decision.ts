import type { ChainVerdict } from '#core/policy/chain.ts';
import type { Action } from '#core/policy/policy.ts';
import type { DryInput, DryOutput } from './dry-run.ts';
import { UNSCANNED_PARTS } from './golden-file.ts';

const VERDICTS: readonly ChainVerdict[] = ['allowed', 'flagged', 'redacted', 'escalated', 'blocked'];
const ACTION_OF: Readonly<Record<ChainVerdict, Action>> = {
  allowed: 'allow',
  flagged: 'flag',
  redacted: 'redact',
  escalated: 'escalate',
  blocked: 'block',
};

/** One exchange of a golden case, as far as it got. */
export interface GoldenExchange {
  readonly input: DryInput;
  readonly output: DryOutput | undefined;
  /** Images or the like are not let through by the pack. */
  readonly refusedParts: boolean;
  /** Placeholders → the names that golden files use. */
  readonly nameOf: ReadonlyMap<string, string>;
}

/** The verdict of a whole exchange, and who it comes from. */
export interface GoldenDecision {
  readonly verdict: ChainVerdict;
  readonly phase: 'input' | 'output';
  readonly policy?: string;
  readonly reason: string;
}

/** The stronger verdict of the two phases; the earlier one when they are equal. */
export function decisionOf(exchange: GoldenExchange): GoldenDecision {
  const { input, output, refusedParts } = exchange;
  if (refusedParts && !input.outcome.blockedBy && !input.outcome.escalatedBy) {
    return { verdict: 'blocked', phase: 'input', policy: UNSCANNED_PARTS, reason: 'unscanned_parts' };
  }
  const late = output !== undefined && rank(output.outcome.verdict) > rank(input.outcome.verdict);
  const phase = late ? 'output' : 'input';
  const { verdict, blockedBy, escalatedBy, records } = late ? output.outcome : input.outcome;
  const action = ACTION_OF[verdict];
  const decider = records.find(
    ({ kind, mode, action: did }) =>
      mode === 'enforce' && did === action && isDecider(kind, blockedBy ?? escalatedBy),
  );
  if (verdict === 'allowed' || !decider) return { verdict, phase, reason: 'ok' };
  return { verdict, phase, policy: decider.kind, reason: decider.reason };
}

const rank = (verdict: ChainVerdict) => VERDICTS.indexOf(verdict);

function isDecider(kind: string, decider: string | undefined): boolean {
  return decider === undefined || kind === decider;
}
