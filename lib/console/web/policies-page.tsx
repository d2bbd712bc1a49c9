import { useCallback } from 'preact/hooks';
import type { PackView } from '../views.ts';
import type { Api } from './api.ts';
import { Failure, Loading } from './notice.tsx';
import { TryForm } from './try-form.tsx';
import { usePoll } from './use-poll.ts';
import { Visible } from './visible.tsx';

const RHYTHM = 60_000;

/** The active pack with the settings of each policy, and a place to try a prompt on it. */
export function PoliciesPage({ api }: { api: Api }) {
  const load = useCallback((signal: AbortSignal) => api.get<PackView>('/api/policies', signal), [api]);
  const { data, error, again } = usePoll(load, RHYTHM);
  if (!data) return error ? <Failure error={error} onRetry={again} /> : <Loading what="the pack" />;
  return (
    <>
      <h1>
        Policies{' '}
        <small>
          <Visible text={`${data.name} ${data.version}`} /> · <code>{data.hash.slice(0, 12)}</code>
        </small>
      </h1>
      {data.description && (
        <p class="measure">
          <Visible text={data.description} />
        </p>
      )}
      <div class="halves">
        <TryForm api={api} models={data.models} />
        <section aria-labelledby="chain-title">
          <h2 id="chain-title">Chain</h2>
          <p class="measure">
            Blocked calls get a {data.on_block}; parts nobody can scan: {data.unscanned_parts}; audit:{' '}
            {data.audit_mode.replace('_', ' ')}.
          </p>
          <ol class="chain">
            {data.chain.map((policy) => (
              <Setting key={policy.kind} policy={policy} />
            ))}
          </ol>
        </section>
      </div>
    </>
  );
}

function Setting({ policy }: { policy: PackView['chain'][number] }) {
  return (
    <li>
      <div class="step">
        <strong>
          <Visible text={policy.kind} />
        </strong>
        <small>
          {policy.mode}; on error {policy.on_error}; {policy.timeout_ms} ms at most
        </small>
      </div>
      <details>
        <summary>Settings</summary>
        <pre>
          <Visible text={JSON.stringify(policy.settings, null, 2)} />
        </pre>
      </details>
    </li>
  );
}
