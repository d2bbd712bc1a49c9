import type { ReviewSummary } from '../views.ts';
import { Visible } from './visible.tsx';
import { clockTime } from './wording.ts';

const DID = { approved: 'approved', edited: 'proposed the text' } as const;

/** `1 of 2 approvals`, with who did what; nothing where one person is enough. */
export function ApprovalLine({
  needed,
  approvals,
}: {
  needed: number;
  approvals: ReviewSummary['approvals'];
}) {
  if (needed < 2) return null;
  return (
    <div class="approvals">
      <p>
        {approvals.length} of {needed} approvals
        {approvals.length === 0 && ': different people have to approve the same text'}
      </p>
      {approvals.length > 0 && (
        <ul>
          {approvals.map(({ by, at, state, reason }) => (
            <li key={by}>
              <Visible text={by} /> {DID[state]} at <time dateTime={at}>{clockTime(at)}</time>:{' '}
              <Visible text={reason} />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
