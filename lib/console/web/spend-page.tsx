import { useCallback, useState } from 'preact/hooks';
import type { SpendView } from '../views.ts';
import type { Api } from './api.ts';
import { Bars } from './bars.tsx';
import { BudgetList } from './budget-list.tsx';
import { Empty, Failure, Loading, Stale } from './notice.tsx';
import { SpendDownload } from './spend-download.tsx';
import { SpendTable } from './spend-table.tsx';
import { usePoll } from './use-poll.ts';
import { dollars, plural } from './wording.ts';

const RHYTHM = 15_000;
const DAY = 24 * 60 * 60 * 1000;

/** What was spent in the last 30 days, by app, model or day, and what is left of the budgets. */
export function SpendPage({ api }: { api: Api }) {
  const load = useCallback((signal: AbortSignal) => api.get<SpendView>('/api/spend', signal), [api]);
  const { data, error, again } = usePoll(load, RHYTHM);
  if (!data) return error ? <Failure error={error} onRetry={again} /> : <Loading what="the spend" />;
  return (
    <>
      <header class="head">
        <h1>
          Spend <small>{`${data.from} to ${data.to}, UTC`}</small>
        </h1>
        <SpendDownload api={api} data={data} />
      </header>
      {error && <Stale error={error} />}
      <BudgetList api={api} />
      {data.rows.length ? (
        <Spent data={data} />
      ) : (
        <Empty title="Nothing spent yet">No call in this time.</Empty>
      )}
    </>
  );
}

type Group = 'app_id' | 'model' | 'day';
const GROUPS: readonly [Group, string][] = [
  ['app_id', 'App'],
  ['model', 'Model'],
  ['day', 'Day'],
];

function Spent({ data }: { data: SpendView }) {
  const [group, setGroup] = useState<Group>('app_id');
  const { cost_micros, calls, unpriced } = data.total;
  return (
    <>
      <p class="total">
        <strong>{dollars({ micros: cost_micros })}</strong> for {plural(calls, 'call')}
        {unpriced > 0 && ` (${plural(unpriced, 'call')} without a known price are not in it)`}
      </p>
      <Bars
        title="Spend per day"
        points={daysOf(data)}
        value={(point) => point.cost_micros}
        say={(point) => dollars({ micros: point.cost_micros })}
        name={(point) => point.at}
      />
      <fieldset class="switch">
        <legend>By</legend>
        {GROUPS.map(([name, label]) => (
          <button type="button" key={name} aria-pressed={group === name} onClick={() => setGroup(name)}>
            {label}
          </button>
        ))}
      </fieldset>
      <SpendTable rows={data.rows} group={group} />
    </>
  );
}

/** Every day of the time, also those without a call. */
function daysOf({ from, to, rows }: SpendView) {
  const costs = new Map<string, number>();
  for (const row of rows) costs.set(row.day, (costs.get(row.day) ?? 0) + row.cost_micros);
  const days = (Date.parse(to) - Date.parse(from)) / DAY + 1;
  return Array.from({ length: days }, (_, index) => {
    const at = new Date(Date.parse(from) + index * DAY).toISOString().slice(0, 10);
    return { at, requests: 0, blocked: 0, cost_micros: costs.get(at) ?? 0 };
  });
}
