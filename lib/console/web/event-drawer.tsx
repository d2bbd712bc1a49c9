import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { LedgerEvent } from '#core/ledger/event.ts';
import type { Api } from './api.ts';
import { Badge } from './badge.tsx';
import { PolicyChain } from './policy-chain.tsx';
import { Visible } from './visible.tsx';
import { between, clockTime, dollars, duration, totalTokens } from './wording.ts';

interface Props {
  api: Api;
  event: LedgerEvent;
  onClose: () => void;
}

/** One call from end to end: what each policy said, what it cost, and what people did about it afterwards. */
export function EventDrawer({ api, event, onClose }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} class="drawer" aria-labelledby="drawer-title" onClose={onClose}>
      <header>
        <h2 id="drawer-title">
          <Badge word={event.verdict} /> <Visible text={event.model_requested} />
        </h2>
        <button type="button" class="quiet" onClick={() => dialog.current?.close()}>
          Close
        </button>
      </header>
      <PolicyChain
        policies={event.policies}
        middle={event.attempts.length ? (event.provider ?? 'provider') : 'Provider was not called'}
      />
      <Facts event={event} />
      <Afterwards api={api} event={event} />
    </dialog>
  );
}

function Facts({ event }: { event: LedgerEvent }) {
  const { usage } = event;
  return (
    <dl class="facts">
      <Fact name="App">
        <Visible text={event.app_id} />
      </Fact>
      <Fact name="Key">
        <Visible text={event.key_id} />
      </Fact>
      <Fact name="Outcome">
        {event.type}, HTTP {event.http_status} <Visible text={event.error_code ?? ''} />
      </Fact>
      <Fact name="Tokens">
        {totalTokens(usage)} = {usage.input} in + {usage.cached_input} cached + {usage.cache_write} cache
        write + {usage.output} out + {usage.reasoning} reasoning + {usage.audio} audio ({usage.source})
      </Fact>
      <Fact name="Cost">
        {dollars(event.cost)} <Visible text={event.cost.reason ?? ''} />
      </Fact>
      <Fact name="Time">
        <time dateTime={event.at}>{event.at}</time>, {duration(between(event.at, event.ended_at))}
      </Fact>
      {event.claims && (
        <Fact name="Claims">
          {event.claim_conflict && <Badge word="claim conflict" />}
          {Object.entries(event.claims).map(([name, claim]) => (
            <div key={name} class="claimed">
              <Visible text={`${name} = ${claim}`} />
            </div>
          ))}
        </Fact>
      )}
      <Fact name="Provider">
        <Visible text={[event.provider ?? 'not called', event.model_used ?? ''].join(' ')} />
        {event.attempts.map(
          (attempt) => ` · ${attempt.target} ${attempt.status ?? 'no answer'} in ${attempt.ms} ms`,
        )}
      </Fact>
      <Fact name="Pack">
        <Visible text={event.pack} /> <code>{event.pack_hash.slice(0, 12)}</code>
      </Fact>
      <Fact name="Request">
        <code>{event.request_id}</code>
      </Fact>
      <Fact name="Proof">
        <code>
          {event.emitter} #{event.seq} {event.hash.slice(0, 16)}…
        </code>
      </Fact>
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** Other events of the same request: a review's decision, a viewed answer. */
function Afterwards({ api, event }: { api: Api; event: LedgerEvent }) {
  const [others, setOthers] = useState<LedgerEvent[]>([]);
  useEffect(() => {
    api.get<{ events: LedgerEvent[] }>(`/api/events/${encodeURIComponent(event.request_id)}`).then(
      ({ events }) => setOthers(events.filter((other) => other.event_id !== event.event_id)),
      () => setOthers([]),
    );
  }, [api, event]);
  if (!others.length) return null;
  return (
    <>
      <h3>Same request</h3>
      <ul class="afterwards">
        {others.map((other) => (
          <li key={other.event_id}>
            <time dateTime={other.at}>{clockTime(other.at)}</time> {other.type}{' '}
            <Visible text={[other.reviewer, other.detail].filter(Boolean).join(': ')} />
          </li>
        ))}
      </ul>
    </>
  );
}
