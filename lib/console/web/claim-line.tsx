import { useState } from 'preact/hooks';
import type { ReviewSummary } from '../views.ts';
import type { Api } from './api.ts';
import { useShortcuts } from './use-shortcuts.ts';
import { Visible } from './visible.tsx';
import { clockTime } from './wording.ts';

interface Props {
  api: Api;
  id: string;
  /** Of the queue, which is asked again and again; absent when nobody works on it. */
  claim: ReviewSummary['claim'];
  /** Who is signed in. */
  subject: string;
  onChange: () => void;
}

/** Who works on a held answer, with the button that takes it or gives it back. */
export function ClaimLine({ api, id, claim, subject, onChange }: Props) {
  const [problem, setProblem] = useState<string>();
  const others = claim !== undefined && claim.by !== subject;
  const act = (word: 'claim' | 'unclaim') => {
    setProblem(undefined);
    const path = `/api/reviews/${encodeURIComponent(id)}/${word}`;
    api.post(path, {}).then(onChange, (error: Error) => setProblem(error.message));
  };
  const toggle = () => act(claim ? 'unclaim' : 'claim');
  useShortcuts(others ? {} : { c: toggle });

  return (
    <div class="claim">
      {claim ? <Holder claim={claim} mine={!others} /> : <span>Nobody works on this.</span>}
      {!others && (
        <button type="button" class="small" onClick={toggle}>
          {claim ? 'Give back' : 'Claim'}
        </button>
      )}
      {problem && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
    </div>
  );
}

function Holder({ claim, mine }: { claim: NonNullable<ReviewSummary['claim']>; mine: boolean }) {
  return (
    <span>
      Claimed by {mine ? 'you' : <Visible text={claim.by} />} until{' '}
      <time dateTime={claim.until}>{clockTime(claim.until)}</time>
    </span>
  );
}
