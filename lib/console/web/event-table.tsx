import type { LedgerEvent } from '#core/ledger/event.ts';
import { Badge } from './badge.tsx';
import { Visible } from './visible.tsx';
import { between, clockTime, dollars, duration, totalTokens } from './wording.ts';

interface Props {
  events: readonly LedgerEvent[];
  onOpen: (event: LedgerEvent) => void;
}

export function EventTable({ events, onOpen }: Props) {
  return (
    <table class="events">
      <caption class="sr">Events, newest first</caption>
      <thead>
        <tr>
          <th scope="col">Time</th>
          <th scope="col">App and model</th>
          <th scope="col">Verdict</th>
          <th scope="col" class="number">
            Cost
          </th>
        </tr>
      </thead>
      <tbody>
        {events.map((event) => (
          <Row key={event.event_id} event={event} onOpen={onOpen} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ event, onOpen }: { event: LedgerEvent; onOpen: (event: LedgerEvent) => void }) {
  return (
    <tr onClick={() => onOpen(event)}>
      <td>
        <button
          type="button"
          class="link"
          aria-label={`${clockTime(event.at)}: Details of ${event.request_id}`}
        >
          <time dateTime={event.at} title={event.at}>
            {clockTime(event.at)}
          </time>
        </button>
        <small>{duration(between(event.at, event.ended_at))}</small>
      </td>
      <td class="wide">
        <Visible text={event.app_id} />
        <small>
          <Visible text={event.model_used ?? event.model_requested} />
        </small>
      </td>
      <td>
        {event.verdict === 'none' ? <span class="kind">{event.type}</span> : <Badge word={event.verdict} />}
        <small>{reasonOf(event)}</small>
      </td>
      <td class="number">
        {dollars(event.cost)}
        <small>{totalTokens(event.usage)} tokens</small>
      </td>
    </tr>
  );
}

/** The first thing worth knowing: what failed, else which policy spoke. */
function reasonOf(event: LedgerEvent): string {
  const spoke = event.policies.find((policy) => policy.action !== 'allow');
  return event.error_code ?? spoke?.reason ?? event.finish_reason ?? '';
}
