import { useEffect, useState } from 'preact/hooks';
import type { AppView } from '../views.ts';
import type { Api } from './api.ts';
import { fromLocalTime, localTime } from './wording.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const VERDICTS = ['allowed', 'redacted', 'flagged', 'blocked', 'escalated', 'none'];
/** Typed filters that few need. The end user is the pseudonym that events have. */
const RARE = [
  ['provider', 'Provider'],
  ['policy', 'Policy'],
  ['reason', 'Reason'],
  ['end_user', 'End user'],
  ['key', 'Key'],
  ['request_id', 'Request'],
] as const;
const NAMES = ['app', 'verdict', 'model', 'from', 'to', ...RARE.map(([name]) => name)] as const;
type Name = (typeof NAMES)[number];

/** Empty text = no filter; times are ISO. */
export type Filters = Record<Name, string>;

/** The filters are part of the address, so that a view can be sent to a colleague. */
export function filtersOfAddress(): Filters {
  const query = new URLSearchParams(location.hash.split('?')[1] ?? '');
  return Object.fromEntries(NAMES.map((name) => [name, query.get(name) ?? ''])) as Filters;
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
  const known = value.app && !apps.includes(value.app) ? [value.app, ...apps] : apps;
  const pick = (name: Name) => (text: string) => onChange({ ...value, [name]: text });
  return (
    <form aria-label="Filters" onSubmit={(event) => event.preventDefault()}>
      <div class="filters">
        <Choice label="App" options={known} value={value.app} onPick={pick('app')} />
        <Choice label="Verdict" options={VERDICTS} value={value.verdict} onPick={pick('verdict')} />
        <Typed label="Model" value={value.model} onPick={pick('model')} />
        <Instant label="From" value={value.from} onPick={pick('from')} />
        <Instant
          label="To"
          value={value.to}
          onPick={(to) => onChange({ ...value, to, from: value.from || dayBefore(to) })}
        />
      </div>
      <details class="rare" open={RARE.some(([name]) => value[name])}>
        <summary>More filters</summary>
        <div class="filters">
          {RARE.map(([name, label]) => (
            <Typed key={name} label={label} value={value[name]} onPick={pick(name)} />
          ))}
        </div>
      </details>
    </form>
  );
}

/** Without a beginning the time would begin yesterday, perhaps after its end. */
function dayBefore(to: string): string {
  return to && new Date(Date.parse(to) - DAY_MS).toISOString();
}

interface FieldProps {
  label: string;
  value: string;
  onPick: (value: string) => void;
}

function Choice({ label, options, value, onPick }: FieldProps & { options: readonly string[] }) {
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

/** Counts once it is finished: with Enter, or by leaving the field. */
function Typed({ label, value, onPick }: FieldProps) {
  return (
    <label>
      {label}
      <input
        type="search"
        value={value}
        placeholder="any"
        onChange={(event) => onPick(event.currentTarget.value.trim())}
      />
    </label>
  );
}

/** A minute in the reader's own zone. */
function Instant({ label, value, onPick }: FieldProps) {
  return (
    <label>
      {label}
      <input
        type="datetime-local"
        value={localTime(value)}
        onChange={(event) => onPick(fromLocalTime(event.currentTarget.value))}
      />
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
