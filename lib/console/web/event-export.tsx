import { useRef, useState } from 'preact/hooks';
import type { LedgerEvent } from '#core/ledger/event.ts';
import type { EventPage } from '#core/ports.ts';
import { csvText } from '#core/text/csv.ts';
import type { Api } from './api.ts';
import { download } from './download.ts';
import { plural } from './wording.ts';

/** A file in the memory of a tab; for more there are the objects of the archive. */
const MOST = 50_000;
const HEAD = ['at', 'request_id', 'type', 'app_id', 'key_id', 'model', 'provider', 'verdict', 'error_code'];
type Form = 'jsonl' | 'csv';

/** Saves all events that the filters let through, page by page, and says how far it is. */
export function EventExport({ api, query }: { api: Api; query: string }) {
  const [said, setSaid] = useState('');
  const running = useRef<AbortController | null>(null);
  const [busy, setBusy] = useState(false);

  const save = async (form: Form) => {
    const stop = new AbortController();
    running.current = stop;
    setBusy(true);
    await collect(api, query, stop.signal, (count) => setSaid(`${plural(count, 'event')} read…`))
      .then(({ events, cut }) => {
        const text = form === 'csv' ? csvText([[...HEAD, 'cost_micros'], ...events.map(row)]) : lines(events);
        download(`keeptrusts-events.${form}`, form === 'csv' ? 'text/csv' : 'application/jsonl', [text]);
        setSaid(`${plural(events.length, 'event')} saved${cut ? `: the newest ${MOST} only` : ''}`);
      })
      .catch((error: Error) => setSaid(stop.signal.aborted ? 'stopped' : error.message));
    setBusy(false);
  };

  return (
    <div class="export">
      <button type="button" class="small" disabled={busy} onClick={() => save('jsonl')}>
        Save JSONL
      </button>
      <button type="button" class="small" disabled={busy} onClick={() => save('csv')}>
        Save CSV
      </button>
      {busy && (
        <button type="button" class="small" onClick={() => running.current?.abort()}>
          Stop
        </button>
      )}
      <small role="status">{said}</small>
    </div>
  );
}

async function collect(api: Api, query: string, signal: AbortSignal, tell: (count: number) => void) {
  const events: LedgerEvent[] = [];
  let cursor = '';
  do {
    const at = cursor && `&cursor=${encodeURIComponent(cursor)}`;
    const page = await api.get<EventPage>(`/api/events?limit=200&${query}${at}`, signal);
    events.push(...page.events);
    cursor = page.next ?? '';
    tell(events.length);
  } while (cursor && events.length < MOST);
  return { events, cut: cursor !== '' };
}

function lines(events: readonly LedgerEvent[]): string {
  return events.map((event) => `${JSON.stringify(event)}\n`).join('');
}

function row(event: LedgerEvent) {
  const { at, request_id, type, app_id, key_id, model_used, model_requested, provider, verdict } = event;
  const model = model_used ?? model_requested;
  return [
    at,
    request_id,
    type,
    app_id,
    key_id,
    model,
    provider,
    verdict,
    event.error_code,
    event.cost.micros,
  ];
}
