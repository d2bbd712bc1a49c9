import { useState } from 'preact/hooks';
import type { AppView } from '../views.ts';
import type { Api } from './api.ts';

/** Adds an app; what it may spend and call is changed afterwards. */
export function AppForm({ api, onDone }: { api: Api; onDone: () => void }) {
  const [id, setId] = useState('');
  const [name, setName] = useState('');
  const [problem, setProblem] = useState<string>();
  const submit = async (event: Event) => {
    event.preventDefault();
    setProblem(undefined);
    await api.post<AppView>('/api/apps', { id: id.trim(), name: name.trim() || id.trim() }).then(
      () => {
        setId('');
        setName('');
        onDone();
      },
      (error: Error) => setProblem(error.message),
    );
  };
  return (
    <form class="filters line" aria-label="Add an app" onSubmit={submit}>
      <label>
        App id
        <input value={id} placeholder="support-bot" onInput={(event) => setId(event.currentTarget.value)} />
      </label>
      <label>
        App name
        <input value={name} maxLength={200} onInput={(event) => setName(event.currentTarget.value)} />
      </label>
      <button type="submit" disabled={!id.trim()}>
        Add app
      </button>
      {problem && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
    </form>
  );
}
