import { useCallback } from 'preact/hooks';
import type { BudgetStateView } from '../views.ts';
import type { Api } from './api.ts';
import { Failure } from './notice.tsx';
import { usePoll } from './use-poll.ts';
import { Visible } from './visible.tsx';
import { dayTime, dollars, percent } from './wording.ts';

const RHYTHM = 10_000;

interface Budgets {
  readonly budgets: readonly BudgetStateView[];
  readonly complete: boolean;
}

/** How much of each budget is gone; nothing where none is set. */
export function BudgetList({ api }: { api: Api }) {
  const load = useCallback((signal: AbortSignal) => api.get<Budgets>('/api/budgets', signal), [api]);
  const { data, error, again } = usePoll(load, RHYTHM);
  if (error && !data) return <Failure error={error} onRetry={again} />;
  if (!data?.budgets.length) return null;
  return (
    <section aria-labelledby="budgets">
      <h2 id="budgets">Budgets</h2>
      <ul class="budgets">
        {data.budgets.map((budget) => (
          <Line key={`${budget.owner} ${budget.id} ${budget.period}`} budget={budget} />
        ))}
      </ul>
      {!data.complete && <p class="hint">There are more budgets than these.</p>}
    </section>
  );
}

function Line({ budget }: { budget: BudgetStateView }) {
  const { used_micros: used, limit_micros: limit } = budget;
  const share = limit > 0 ? used / limit : 1;
  const tone = share >= 1 ? 'bad' : share >= 0.8 ? 'warn' : 'good';
  return (
    <li class="card">
      <div class="step">
        <strong>
          <Visible text={budget.id} />
        </strong>
        <small>
          {budget.owner}, per {budget.period}
        </small>
        <span class="number">
          {dollars({ micros: used })} of {dollars({ micros: limit })}
        </span>
      </div>
      <svg class={`gauge ${tone}`} viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
        <rect class="track" width="100" height="4" />
        <rect class="fill" width={Math.min(share, 1) * 100} height="4" />
      </svg>
      <small>
        {percent(share)} used; at the limit: {budget.on_exceed}; begins anew{' '}
        <time dateTime={budget.resets_at}>{dayTime(budget.resets_at)} UTC</time>
      </small>
    </li>
  );
}
