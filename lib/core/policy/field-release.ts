import type { FieldMatch } from './scanner.ts';
import type { Looked } from './scanner-set.ts';

/** What one step of a field's guard let out. */
export interface FieldRelease {
  /** May go to the client now. */
  text: string;
  /** Guarded too, but from an escalation on: for the reviewer only. */
  withheld: string;
  /** True from the first escalation on. */
  escalated: boolean;
  /** Matches whose place was passed. Those of inspectors that hold nothing come in no particular order. */
  readonly matches: FieldMatch[];
  readonly failures: { readonly step: number; readonly failure: string }[];
  /** Nothing more will ever come out of this field. */
  blocked?: { readonly step: number; readonly message?: string };
}

export function emptyRelease(escalated: boolean): FieldRelease {
  return { text: '', withheld: '', escalated, matches: [], failures: [] };
}

/** Notes the scanners that failed and hands back what the others found. */
export function noteFailures(looked: Looked, release: FieldRelease): FieldMatch[] {
  for (const { source, failure } of looked.failed) release.failures.push({ step: source.step, failure });
  return looked.found;
}
