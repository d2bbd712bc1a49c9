import { useState } from 'preact/hooks';
import type { AppView, NewKeyView } from '../views.ts';
import type { Api } from './api.ts';

interface Props {
  api: Api;
  apps: readonly AppView[];
  onMade: (key: NewKeyView) => void;
}

export function KeyForm({ api, apps, onMade }: Props) {
  const [app, setApp] = useState(apps[0]?.id ?? '');
  const [name, setName] = useState('');
  const [ends, setEnds] = useState('');
  const [problem, setProblem] = useState<string>();
  const submit = async (event: Event) => {
    event.preventDefault();
    setProblem(undefined);
    const body = { app_id: app, name: name.trim(), ...(ends && { expires_at: `${ends}T23:59:59Z` }) };
    await api.post<NewKeyView>('/api/keys', body).then(
      (key) => {
        setName('');
        onMade(key);
      },
      (error: Error) => setProblem(error.message),
    );
  };
  return (
    <form class="filters line" aria-label="Create a key" onSubmit={submit}>
      <label>
        Key for app
        <select value={app} onChange={(event) => setApp(event.currentTarget.value)}>
          {apps.map(({ id }) => (
            <option key={id}>{id}</option>
          ))}
        </select>
      </label>
      <label>
        Key name
        <input
          value={name}
          maxLength={200}
          placeholder="dify"
          onInput={(event) => setName(event.currentTarget.value)}
        />
      </label>
      <label>
        Expires (optional)
        <input type="date" value={ends} onInput={(event) => setEnds(event.currentTarget.value)} />
      </label>
      <button type="submit" disabled={!name.trim()}>
        Create key
      </button>
      {problem && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
    </form>
  );
}
