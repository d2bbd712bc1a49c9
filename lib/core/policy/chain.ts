import type { PolicyRecord } from '#core/ledger/event.ts';
import type { ChainStep } from '#core/pack/pack.ts';
import { ACTIONS, type Action, type Finding, type Leaf, type Phase } from './policy.ts';

/** What the whole chain says of one phase. */
export type ChainVerdict = 'allowed' | 'redacted' | 'flagged' | 'blocked' | 'escalated';

const WORDS: Readonly<Record<Action, ChainVerdict>> = {
  allow: 'allowed',
  flag: 'flagged',
  redact: 'redacted',
  escalate: 'escalated',
  block: 'blocked',
};

export const POLICY_ERROR = 'policy.error';

/** The most rule ids one record counts by name; the others are counted together as `more`. It bounds the event. */
const MAX_RULES = 64;

/** Indices of the leaves a step looks at. */
export function placesOf({ apply_to }: ChainStep, leaves: readonly Leaf[]): number[] {
  return leaves.flatMap(({ role }, index) => (apply_to && !apply_to.includes(role) ? [] : [index]));
}

export function stronger(a: Action, b: Action): Action {
  return ACTIONS.indexOf(b) > ACTIONS.indexOf(a) ? b : a;
}

/** The verdict of a phase from what its enforcing steps did. */
export function chainVerdict(actions: readonly Action[]): ChainVerdict {
  return WORDS[actions.reduce(stronger, 'allow')];
}

/** What a failed step does; `allow` means that the text goes on without it. */
export function failureAction(step: ChainStep): Action {
  return step.mode === 'observe' ? 'allow' : step.on_error;
}

/** What one step said and what that took; the record adds kind, phase and mode. */
export interface StepReport {
  readonly action: Action;
  readonly reason: string;
  readonly score?: number | undefined;
  readonly rules: Readonly<Record<string, number>>;
  readonly us: number;
  readonly seen: number;
  readonly scanned: number;
  readonly failure?: string | undefined;
}

export function policyRecord(step: ChainStep, phase: Phase, report: StepReport): PolicyRecord {
  const { action, reason, score, failure } = report;
  return {
    kind: step.kind,
    phase,
    mode: step.mode,
    action,
    reason,
    ...(score === undefined ? {} : { score }),
    rules: { ...report.rules },
    latency_us: Math.max(0, Math.round(report.us)),
    chars_seen: report.seen,
    chars_scanned: Math.round(report.scanned),
    ...(failure === undefined ? {} : { error: failure }),
  };
}

/** Adds one finding to a count by rule id. */
export function countRule(rules: Record<string, number>, rule: string): void {
  const known = Object.hasOwn(rules, rule) || Object.keys(rules).length < MAX_RULES;
  const name = known ? rule : 'more';
  rules[name] = (Object.hasOwn(rules, name) ? (rules[name] ?? 0) : 0) + 1;
}

export function countRules(findings: readonly Finding[]): Record<string, number> {
  const rules: Record<string, number> = {};
  for (const finding of findings) countRule(rules, finding.rule);
  return rules;
}
