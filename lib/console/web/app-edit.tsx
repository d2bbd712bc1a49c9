import { useState } from 'preact/hooks';
import type { AppView } from '../views.ts';
import { type Api, ApiError } from './api.ts';
import { type AppEdits, type AppField, changeOf, fieldsOf } from './app-fields.ts';

interface Props {
  api: Api;
  app: AppView;
  onDone: () => void;
  onClose: () => void;
}

const LABELS: readonly [AppField, string, string][] = [
  ['name', 'Name', ''],
  ['owner', 'Owner', ''],
  ['costCenter', 'Cost center', ''],
  ['models', 'Models (empty: all)', 'gpt-4o, gpt-4o-mini'],
  ['daily', 'Budget a day in $', ''],
  ['monthly', 'Budget a month in $', ''],
];

/** Changes an app. Where somebody else changed it meanwhile, it says so; loaded again, what was typed here is kept, and beside it stands what is there now. */
export function AppEdit({ api, app, onDone, onClose }: Props) {
  const [seen, setSeen] = useState(app);
  const [edits, setEdits] = useState<AppEdits>({});
  const [problem, setProblem] = useState<Error>();
  const fields = fieldsOf(seen);
  const change = changeOf(seen, edits);
  const path = `/api/apps/${encodeURIComponent(app.id)}`;

  const submit = async (event: Event) => {
    event.preventDefault();
    setProblem(undefined);
    await api.patch<AppView>(path, change).then(onDone, setProblem);
  };
  const reload = async () => {
    const { apps } = await api.get<{ apps: AppView[] }>('/api/apps');
    const now = apps.find(({ id }) => id === app.id);
    if (now) setSeen(now);
    setProblem(now ? undefined : new Error('This app is not there any more.'));
  };
  return (
    <form class="filters line" aria-label={`Change ${app.id}`} onSubmit={submit}>
      {LABELS.map(([field, label, placeholder]) => (
        <label key={field}>
          {label}
          <input
            value={edits[field] ?? fields[field]}
            placeholder={placeholder}
            onInput={(event) => setEdits({ ...edits, [field]: event.currentTarget.value })}
          />
          {seen !== app && edits[field] !== undefined && <small>is now: {fields[field] || 'nothing'}</small>}
        </label>
      ))}
      <button type="submit" disabled={!change}>
        Save
      </button>
      <button type="button" onClick={onClose}>
        Cancel
      </button>
      {problem && (
        <p class="problem" role="alert">
          {problem.message}{' '}
          {isConflict(problem) && (
            <button type="button" class="small" onClick={() => void reload().catch(setProblem)}>
              Load again
            </button>
          )}
        </p>
      )}
    </form>
  );
}

function isConflict(problem: Error): boolean {
  return problem instanceof ApiError && problem.code === 'changed_meanwhile';
}
