import { useRef, useState } from 'preact/hooks';
import type { ReviewDetail } from '../views.ts';
import type { Api } from './api.ts';
import { EditDiff } from './edit-diff.tsx';
import { useShortcuts } from './use-shortcuts.ts';

interface Props {
  api: Api;
  held: ReviewDetail;
  /** Who is signed in. */
  subject: string;
  onDone: () => void;
}

type State = 'approved' | 'edited' | 'rejected';

/** Approve, serve an edited text, or reject; each needs a reason. */
export function DecisionForm({ api, held, subject, onDone }: Props) {
  const [reason, setReason] = useState('');
  const before = held.proposed_text ?? held.answer;
  const [text, setText] = useState(before);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const changed = text !== before;
  const isRequest = held.phase === 'input';
  /** Who approved already can only reject. */
  const done = held.approvals.some(({ by }) => by === subject);
  const reasoned = reason.trim() !== '';
  const ready = reasoned && !busy;
  const reasonField = useRef<HTMLInputElement>(null);
  const textField = useRef<HTMLTextAreaElement>(null);

  const decide = async (state: State) => {
    setBusy(true);
    setProblem(undefined);
    const body = {
      state,
      reason: reason.trim(),
      ...(state === 'edited' && { text }),
      ...(state === 'approved' && { text_sha256: held.text_sha256 }),
    };
    await api
      .post(`/api/reviews/${encodeURIComponent(held.id)}/decide`, body)
      .then(onDone, (error: Error) => {
        setProblem(error.message);
        setBusy(false);
      });
  };

  /** A key without a reason asks for the reason. */
  const press = (state: State, on: boolean) => {
    if (!reasoned) reasonField.current?.focus();
    else if (on) void decide(state);
  };
  useShortcuts({
    a: () => press('approved', ready && !changed && !done),
    e: () => textField.current?.focus(),
    r: () => press('rejected', ready),
  });

  return (
    <form class="decision" onSubmit={(event) => event.preventDefault()}>
      <label>
        Reason (required, kept in the ledger)
        <input
          ref={reasonField}
          value={reason}
          maxLength={2000}
          onInput={(event) => setReason(event.currentTarget.value)}
        />
      </label>
      {done ? (
        <p>You approved this text. Another reviewer has to approve it as well; you can still reject it.</p>
      ) : isRequest ? null : (
        <label>
          Edited answer
          <textarea
            ref={textField}
            rows={6}
            value={text}
            onInput={(event) => setText(event.currentTarget.value)}
          />
        </label>
      )}
      {changed && <EditDiff before={before} after={text} />}
      {problem && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
      <div class="buttons">
        <Act word="Approve" on={ready && !changed && !done} act={() => decide('approved')} />
        {!isRequest && (
          <Act
            word={held.approvals_needed > 1 ? 'Propose edited' : 'Serve edited'}
            on={ready && changed && text.trim() !== ''}
            act={() => decide('edited')}
          />
        )}
        <Act word="Reject" on={ready} act={() => decide('rejected')} tone="danger" />
      </div>
      <p class="hint">
        Keys: <kbd>c</kbd> claim or give back, <kbd>a</kbd> approve, <kbd>e</kbd> edit, <kbd>r</kbd> reject,{' '}
        <kbd>Esc</kbd> leaves a field.
      </p>
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
