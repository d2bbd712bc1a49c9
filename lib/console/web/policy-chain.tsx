import type { PolicyRecord } from '#core/ledger/event.ts';
import { Badge } from './badge.tsx';
import { Visible } from './visible.tsx';
import { duration } from './wording.ts';

interface Props {
  policies: readonly PolicyRecord[];
  /** What stood between the two phases. */
  middle: string;
}

/** The chain as the call passed through it: input policies, the provider, output policies. */
export function PolicyChain({ policies, middle }: Props) {
  const phase = (name: string) => policies.filter((policy) => policy.phase === name);
  return (
    <ol class="chain" aria-label="Policy chain">
      {phase('input').map((policy) => (
        <Step key={`input ${policy.kind}`} policy={policy} />
      ))}
      <li class="provider">
        <Visible text={middle} />
      </li>
      {phase('output').map((policy) => (
        <Step key={`output ${policy.kind}`} policy={policy} />
      ))}
    </ol>
  );
}

function Step({ policy }: { policy: PolicyRecord }) {
  const rules = Object.entries(policy.rules);
  return (
    <li>
      <div class="step">
        <Badge word={policy.action} />
        <strong>
          <Visible text={policy.kind} />
        </strong>
        <small>
          {policy.phase}
          {policy.mode === 'observe' && ', observing'}
        </small>
        <small class="number">{duration(policy.latency_us)}</small>
      </div>
      {policy.action !== 'allow' && (
        <p>
          <Visible text={policy.reason} />
          {policy.score !== undefined && ` (${policy.score.toFixed(2)})`}
        </p>
      )}
      {rules.length > 0 && (
        <ul class="rules">
          {rules.map(([rule, count]) => (
            <li key={rule}>
              <Visible text={rule} /> ×{count}
            </li>
          ))}
        </ul>
      )}
      {policy.error && (
        <p class="problem">
          <Visible text={policy.error} />
        </p>
      )}
      <small>
        {policy.chars_scanned} of {policy.chars_seen} characters scanned
      </small>
    </li>
  );
}
