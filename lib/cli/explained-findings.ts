import { showPath } from '#core/openai/leaves.ts';
import type { DryOutput } from '#core/pack/dry-run.ts';
import { findingPlace, type PolicyView } from '#core/pack/explain-run.ts';

/** One finding of one policy, with its place in words. */
export interface ExplainedFinding {
  readonly policy: string;
  readonly rule: string;
  readonly score: number;
  readonly place: string;
}

/** What the policies found in the request, those that only observe included. */
export function inputFindings(seen: readonly PolicyView[]): ExplainedFinding[] {
  return seen.flatMap(({ kind, input, verdict }) =>
    (verdict?.findings ?? []).map((finding) => ({
      policy: kind,
      rule: finding.rule,
      score: finding.score,
      place: findingPlace(finding, (leaf) => showPath(input.leaves[leaf]?.path ?? [])),
    })),
  );
}

/** What the enforcing policies found in the answer. */
export function outputFindings(output: DryOutput | undefined): ExplainedFinding[] {
  return [...(output?.outcome.verdicts ?? [])].flatMap(([policy, { findings }]) =>
    findings.map((finding) => ({
      policy,
      rule: finding.rule,
      score: finding.score,
      place: findingPlace(finding, String),
    })),
  );
}
