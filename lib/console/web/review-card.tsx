import { useEffect, useState } from 'preact/hooks';
import { countHidden } from '#core/text/visible-text.ts';
import type { MeView, ReviewDetail, ReviewSummary } from '../views.ts';
import { type Api, ApiError } from './api.ts';
import { ApprovalLine } from './approval-line.tsx';
import { ClaimLine } from './claim-line.tsx';
import { DecisionForm } from './decision-form.tsx';
import { EditDiff } from './edit-diff.tsx';
import { Failure, Loading } from './notice.tsx';
import { Visible } from './visible.tsx';

interface Props {
  api: Api;
  me: MeView;
  id: string;
  /** As the queue shows it now. */
  claim: ReviewSummary['claim'];
  onClaim: () => void;
  onClose: () => void;
}

/** A held answer with the form that decides it. Opening it is recorded as a content view. */
export function ReviewCard({ api, me, id, claim, onClaim, onClose }: Props) {
  const [held, setHeld] = useState<ReviewDetail>();
  const [error, setError] = useState<ApiError>();
  const [tries, setTries] = useState(0);

  useEffect(() => {
    setError(undefined);
    if (me.role === 'viewer')
      setError(new ApiError(403, 'forbidden', 'Held answers are shown to reviewers only.'));
    else api.get<ReviewDetail>(`/api/reviews/${encodeURIComponent(id)}`).then(setHeld, setError);
  }, [api, id, me.role, tries]);

  if (error) return <Failure error={error} onRetry={() => setTries(tries + 1)} />;
  if (!held) return <Loading what="the held answer" />;
  return (
    <article class="review" aria-label={held.phase === 'input' ? 'Held request' : 'Held answer'}>
      {held.phase === 'input' && (
        <p>A request. No provider has seen it: approving sends it to the model as it is here.</p>
      )}
      <Answer text={held.answer} />
      {held.proposed_text !== undefined && <Proposal held={held} text={held.proposed_text} />}
      <ApprovalLine needed={held.approvals_needed} approvals={held.approvals} />
      {held.decision ? (
        <Decided held={held} />
      ) : (
        <>
          <ClaimLine api={api} id={id} claim={claim} subject={me.subject} onChange={onClaim} />
          {(!claim || claim.by === me.subject) && (
            <DecisionForm api={api} held={held} subject={me.subject} onDone={onClose} />
          )}
        </>
      )}
    </article>
  );
}

function Answer({ text }: { text: string }) {
  const hidden = countHidden(text);
  return (
    <>
      <p class="measure">
        {text.length} characters
        {hidden > 0 && <strong class="problem"> · {hidden} hidden, marked below</strong>}
      </p>
      <pre class="answer">
        <Visible text={text} />
      </pre>
    </>
  );
}

/** What another reviewer would serve instead. */
function Proposal({ held, text }: { held: ReviewDetail; text: string }) {
  return (
    <>
      <h2>
        Proposed by <Visible text={held.approvals[0]?.by ?? ''} />
      </h2>
      <EditDiff before={held.answer} after={text} />
    </>
  );
}

function Decided({ held }: { held: ReviewDetail }) {
  return (
    <p>
      {held.decision?.state} by <Visible text={held.decision?.by ?? ''} />:{' '}
      <Visible text={held.decision?.reason ?? ''} />
    </p>
  );
}
