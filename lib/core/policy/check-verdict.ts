import * as z from 'zod';
import { PolicyFailure } from './failure.ts';
import { ACTIONS, type Leaf, type Verdict } from './policy.ts';

const Said = z.object({
  action: z.enum(ACTIONS),
  reason: z.string().min(1),
  score: z.number().optional(),
  findings: z.array(z.object({ rule: z.string().min(1), score: z.number() })),
  scanned: z.number().nonnegative(),
  message: z.string().optional(),
  retry: z.boolean().optional(),
});

const Edits = z
  .array(
    z.object({
      leaf: z.int().nonnegative(),
      start: z.int().nonnegative(),
      end: z.int(),
      replacement: z.string(),
      rule: z.string(),
    }),
  )
  .min(1);

/** Throws unless a policy returned a verdict that can be carried out on these leaves. A wrong one must never pass as `allow`. */
export function checkVerdict(verdict: Verdict, leaves: readonly Pick<Leaf, 'text'>[]): void {
  const said = Said.safeParse(verdict);
  if (!said.success) throw new PolicyFailure(`returned no verdict: ${whereWrong(said.error)}`);
  if (verdict.action === 'redact') checkEdits(verdict.edits, leaves);
}

function checkEdits(edits: Verdict['edits'], leaves: readonly Pick<Leaf, 'text'>[]): void {
  const said = Edits.safeParse(edits);
  if (!said.success) throw new PolicyFailure(`returned no edits to redact with: ${whereWrong(said.error)}`);
  for (const { leaf, start, end } of said.data) {
    const length = leaves[leaf]?.text.length ?? -1;
    if (start > end || end > length) throw new PolicyFailure('returned an edit outside the text');
  }
}

/** The place only: a value could hold matched text. */
function whereWrong(error: z.ZodError): string {
  return error.issues[0]?.path.join('.') || 'nothing';
}
