import { useCallback, useEffect, useState } from 'preact/hooks';
import type { LedgerEvent } from '#core/ledger/event.ts';
import type { EventPage } from '#core/ports.ts';
import type { Api } from './api.ts';
import { EventDrawer } from './event-drawer.tsx';
import { EventExport } from './event-export.tsx';
import { EventFilters, type Filters, filtersOfAddress, queryOf } from './event-filters.tsx';
import { EventTable } from './event-table.tsx';
import { Empty, Failure, Loading, Stale } from './notice.tsx';
import { usePoll } from './use-poll.ts';

const RHYTHM = 2_000;

/** The calls of a time, else of the last day, newest first, kept up to date. */
export function EventsPage({ api }: { api: Api }) {
  const [filters, setFilters] = useState<Filters>(filtersOfAddress);
  const [open, setOpen] = useState<LedgerEvent>();
  const [linked, setLinked] = useState(requestOfAddress);
  const query = queryOf(filters);
  const request = open?.request_id ?? linked;

  useEffect(() => {
    const address = [query, request && `request=${encodeURIComponent(request)}`].filter(Boolean).join('&');
    history.replaceState(null, '', `#/events${address && `?${address}`}`);
  }, [query, request]);
  useEffect(() => {
    if (linked) void firstEventOf(api, linked).then(setOpen, () => setLinked(''));
  }, [api, linked]);
  const close = () => {
    setLinked('');
    setOpen(undefined);
  };
  const load = useCallback(
    (signal: AbortSignal) => api.get<EventPage>(`/api/events?limit=50&${query}`, signal),
    [api, query],
  );
  const { data, error, again } = usePoll(load, RHYTHM);

  return (
    <>
      <h1>Events</h1>
      <EventFilters api={api} value={filters} onChange={setFilters} />
      <EventExport api={api} query={query} />
      {error && data && <Stale error={error} />}
      {error && !data && <Failure error={error} onRetry={again} />}
      {!error && !data && <Loading what="events" />}
      {data && <Listing key={query} api={api} query={query} page={data} onOpen={setOpen} />}
      {open && <EventDrawer api={api} event={open} onClose={close} />}
    </>
  );
}

/** An address can name one request, so that a call can be shown to a colleague. */
function requestOfAddress(): string {
  return new URLSearchParams(location.hash.split('?')[1] ?? '').get('request') ?? '';
}

async function firstEventOf(api: Api, request: string): Promise<LedgerEvent | undefined> {
  const found = await api.get<{ events: LedgerEvent[] }>(`/api/events/${encodeURIComponent(request)}`);
  return found.events.find(({ type }) => type.startsWith('request.')) ?? found.events[0];
}

interface ListingProps {
  api: Api;
  query: string;
  page: EventPage;
  onOpen: (event: LedgerEvent) => void;
}

function Listing({ api, query, page, onOpen }: ListingProps) {
  const [older, setOlder] = useState<EventPage>();
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  const events = joined(page.events, older?.events ?? []);
  const next = older ? older.next : page.next;

  const more = async () => {
    setBusy(true);
    setProblem(undefined);
    await api.get<EventPage>(`/api/events?limit=50&${query}&cursor=${encodeURIComponent(next ?? '')}`).then(
      (found) => setOlder({ ...found, events: [...(older?.events ?? page.events), ...found.events] }),
      (failure: Error) => setProblem(failure.message),
    );
    setBusy(false);
  };

  return (
    <>
      {events.length > 0 && <EventTable events={events} onOpen={onOpen} />}
      {!events.length && <NoEvents filtered={query !== ''} partly={next !== undefined} />}
      {problem && <p class="problem">{problem}</p>}
      {next && (
        <button type="button" class="more" disabled={busy} onClick={more}>
          Load older
        </button>
      )}
    </>
  );
}

/** Newest first without repeats: the live page, then what was loaded below it. */
function joined(live: readonly LedgerEvent[], older: readonly LedgerEvent[]): LedgerEvent[] {
  const seen = new Set(live.map((event) => event.event_id));
  return [...live, ...older.filter((event) => !seen.has(event.event_id))];
}

/** `partly`: the read stopped early, so older events may still match. */
function NoEvents({ filtered, partly }: { filtered: boolean; partly: boolean }) {
  if (partly) return <Empty title="Nothing so far">The newest events do not match; older ones may.</Empty>;
  if (filtered)
    return (
      <Empty title="Nothing matches">
        No event fits these filters. Without "From" they look at the last 24 hours.
      </Empty>
    );
  return (
    <Empty title="No events yet">
      Send a first call to the gateway: it appears here within seconds, allowed or blocked.
    </Empty>
  );
}
