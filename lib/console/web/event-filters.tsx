import { useEffect, useState } from 'preact/hooks';
import type { AppView } from '../views.ts';
import type { Api } from './api.ts';

const NAMES = ['app', 'verdict', 'model'] as const;
const VERDICTS = ['allowed', 'redacted', 'flagged', 'blocked', 'escalated', 'none'];

/** Empty text = no filter. */
export type Filters = Record<(typeof NAMES)[number], string>;

/** The filters are part of the address, so that a view can be sent to a colleague. */
export function filtersOfAddress(): Filters {
  const query = new URLSearchParams(location.hash.split('?')[1] ?? '');
  return {
    app: query.get('app') ?? '',
    verdict: query.get('verdict') ?? '',
    model: query.get('model') ?? '',
  };
}

export function queryOf(filters: Filters): string {
  return new URLSearchParams(
    NAMES.map((name) => [name, filters[name]]).filter(([, value]) => value),
  ).toString();
}

interface Props {
  api: Api;
  value: Filters;
  onChange: (filters: Filters) => void;
}

export function EventFilters({ api, value, onChange }: Props) {
  const apps = useApps(api);
  const [model, setModel] = useState(value.model);
  const known = value.app && !apps.includes(value.app) ? [value.app, ...apps] : apps;
  const submit = (event: Event) => {
    event.preventDefault();
    onChange({ ...value, model: model.trim() });
  };
  return (
    <form class="filters" onSubmit={submit}>
      <Choice label="App" options={known} value={value.app} onPick={(app) => onChange({ ...value, app })} />
      <Choice
        label="Verdict"
        options={VERDICTS}
        value={value.verdict}
        onPick={(verdict) => onChange({ ...value, verdict })}
      />
      <label>
        Model
        <input
          type="search"
          value={model}
          placeholder="any"
          onInput={(event) => setModel(event.currentTarget.value)}
          onChange={submit}
        />
      </label>
    </form>
  );
}

interface ChoiceProps {
  label: string;
  options: readonly string[];
  value: string;
  onPick: (value: string) => void;
}

function Choice({ label, options, value, onPick }: ChoiceProps) {
  return (
    <label>
      {label}
      <select value={value} onChange={(event) => onPick(event.currentTarget.value)}>
        <option value="">any</option>
        {options.map((option) => (
          <option key={option} value={option}>
            {option}
          </option>
        ))}
      </select>
    </label>
  );
}

/** App ids for the filter; without them the filter offers nothing, and the table still works. */
function useApps(api: Api): string[] {
  const [ids, setIds] = useState<string[]>([]);
  useEffect(() => {
    api.get<{ apps: AppView[] }>('/api/apps').then(
      ({ apps }) => setIds(apps.map((app) => app.id)),
      () => setIds([]),
    );
  }, [api]);
  return ids;
}
