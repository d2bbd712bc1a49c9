import { applyReplacements, joinOverlaps, wholePairs } from './edits.ts';
import type { Edit, Leaf, Verdict } from './policy.ts';

/** A verdict over some of the leaves, told in indices of all leaves: `places[i]` is where the i-th one stands. */
export function relocate(verdict: Verdict, places: readonly number[]): Verdict {
  const findings = verdict.findings.map((finding) =>
    typeof finding.where === 'number' ? { ...finding, where: places[finding.where] ?? -1 } : finding,
  );
  const edits = verdict.edits?.map((edit) => ({ ...edit, leaf: places[edit.leaf] ?? -1 }));
  return { ...verdict, findings, ...(edits ? { edits } : {}) };
}

/** A place that cannot be edited cannot be redacted: what was found there must not leave, so the redaction becomes a block. */
export function blockFixed(verdict: Verdict, leaves: readonly Pick<Leaf, 'fixed'>[]): Verdict {
  const fixed = verdict.action === 'redact' && verdict.edits?.some((edit) => leaves[edit.leaf]?.fixed);
  return fixed ? { ...verdict, action: 'block' } : verdict;
}

/** The leaves with the edits carried out; leaves without an edit stay the same objects. */
export function editLeaves(leaves: readonly Leaf[], edits: readonly Edit[]): Leaf[] {
  const byLeaf = Map.groupBy(edits, (edit) => edit.leaf);
  return leaves.map((leaf, index) => {
    const own = byLeaf.get(index);
    return own ? edited(leaf, own) : leaf;
  });
}

function edited(leaf: Leaf, edits: readonly Edit[]): Leaf {
  const whole = edits.map((edit) => wholePairs(leaf.text, edit));
  return { ...leaf, text: applyReplacements(leaf.text, joinOverlaps(whole)) };
}
