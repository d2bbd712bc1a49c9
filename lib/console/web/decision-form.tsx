import { useState } from 'preact/hooks';
import type { ReviewDetail } from '../views.ts';
import type { Api } from './api.ts';

interface Props {
  api: Api;
  held: ReviewDetail;
  onDone: () => void;
}

type State = 'approved' | 'edited' | 'rejected';

/** Approve, serve an edited text, or reject; each needs a reason. */
export function DecisionForm({ api, held, onDone }: Props) {
  const [reason, setReason] = useState('');
  const [text, setText] = useState(held.answer);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const changed = text !== held.answer;
  const ready = reason.trim() !== '' && !busy;

  const decide = async (state: State) => {
    setBusy(true);
    setProblem(undefined);
    const body = { state, reason: reason.trim(), ...(state === 'edited' && { text }) };
    await api
      .post(`/api/reviews/${encodeURIComponent(held.id)}/decide`, body)
      .then(onDone, (error: Error) => {
        setProblem(error.message);
        setBusy(false);
      });
  };

  return (
    <form class="decision" onSubmit={(event) => event.preventDefault()}>
      <label>
        Reason (required, kept in the ledger)
        <input value={reason} maxLength={2000} onInput={(event) => setReason(event.currentTarget.value)} />
      </label>
      <label>
        Edited answer
        <textarea rows={6} value={text} onInput={(event) => setText(event.currentTarget.value)} />
      </label>
      {problem && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
      <div class="buttons">
        <Act word="Approve" on={ready && !changed} act={() => decide('approved')} />
        <Act word="Serve edited" on={ready && changed && text.trim() !== ''} act={() => decide('edited')} />
        <Act word="Reject" on={ready} act={() => decide('rejected')} tone="danger" />
      </div>
    </form>
  );
}

function Act({ word, on, act, tone }: { word: string; on: boolean; act: () => void; tone?: string }) {
  return (
    <button type="button" class={tone} disabled={!on} onClick={act}>
      {word}
    </button>
  );
}
