import { useState } from 'preact/hooks';
import type { KeyView, NewKeyView } from '../views.ts';
import type { Api } from './api.ts';
import { Badge } from './badge.tsx';
import { SureButton } from './sure-button.tsx';
import { Visible } from './visible.tsx';
import { dayTime } from './wording.ts';

interface Props {
  api: Api;
  keys: readonly KeyView[];
  onMade: (key: NewKeyView) => void;
  onChange: () => void;
}

export function KeyTable({ api, keys, onMade, onChange }: Props) {
  const [problem, setProblem] = useState<string>();
  const act = (key: KeyView, what: 'rotate' | 'expire' | 'revoke', body: object) =>
    api.post<NewKeyView>(`/api/keys/${encodeURIComponent(key.id)}/${what}`, body).then(
      (next) => (what === 'rotate' ? onMade(next) : onChange()),
      (error: Error) => setProblem(error.message),
    );
  return (
    <>
      {problem && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
      <ul class="keys" aria-label="Keys">
        {[...keys].sort(newestFirst).map((key) => (
          <li key={key.id} class="card">
            <div class="step">
              <strong>
                <Visible text={key.name} />
              </strong>
              <code>{key.prefix}…</code>
              <Badge word={key.state} />
            </div>
            <small>
              <Visible text={key.app_id} /> · created {dayTime(key.created_at)} · last used{' '}
              {key.last_used_at ? dayTime(key.last_used_at) : 'never'}
              {key.expires_at && ` · expires ${dayTime(key.expires_at)}`}
            </small>
            {key.state === 'active' && (
              <div class="buttons">
                <SureButton word="Rotate" name={key.name} act={() => act(key, 'rotate', {})} />
                <SureButton
                  word="Expire now"
                  name={key.name}
                  act={() => act(key, 'expire', { expires_at: new Date().toISOString() })}
                />
                <SureButton word="Revoke" name={key.name} act={() => act(key, 'revoke', {})} />
              </div>
            )}
          </li>
        ))}
      </ul>
    </>
  );
}

function newestFirst(a: KeyView, b: KeyView): number {
  return a.created_at < b.created_at ? 1 : -1;
}
