import { useCallback } from 'preact/hooks';
import type { MeView, OverviewPoint, OverviewView } from '../views.ts';
import type { Api } from './api.ts';
import { Bars } from './bars.tsx';
import { FirstRun } from './first-run.tsx';
import { Failure, Loading, Stale } from './notice.tsx';
import { Tile } from './tile.tsx';
import { usePoll } from './use-poll.ts';
import { dollars, duration, percent, plural } from './wording.ts';

const RHYTHM = 5_000;

/** The figures of the last days, and what waits for somebody. */
export function OverviewPage({ api, me }: { api: Api; me: MeView }) {
  const load = useCallback((signal: AbortSignal) => api.get<OverviewView>('/api/overview', signal), [api]);
  const { data, error, again } = usePoll(load, RHYTHM);
  if (!data) return error ? <Failure error={error} onRetry={again} /> : <Loading what="the overview" />;
  const calls = data.requests + data.hours.reduce((sum, { requests }) => sum + requests, 0);
  return (
    <>
      <h1>Overview</h1>
      {error && <Stale error={error} />}
      {calls === 0 && <FirstRun api={api} me={me} />}
      <Tiles data={data} />
      <Charts data={data} />
    </>
  );
}

function Tiles({ data }: { data: OverviewView }) {
  const { added_latency_us: latency } = data;
  const open = `${data.open_reviews}${data.open_reviews_complete ? '' : '+'}`;
  return (
    <ul class="tiles" aria-label="Figures">
      <Tile name="Requests" value={data.requests.toLocaleString()} hint={`${data.from} to ${data.to}`} />
      <Tile
        name="Blocked"
        value={percent(data.block_rate)}
        hint={plural(data.blocked, 'request')}
        href="#/events?verdict=blocked"
      />
      <Tile
        name="Spend"
        value={dollars({ micros: data.cost_micros })}
        hint={data.unpriced ? `${plural(data.unpriced, 'call')} without a known price` : 'all calls priced'}
        href="#/spend"
      />
      <Tile name="Open reviews" value={open} hint="answers that wait" href="#/reviews" />
      <Tile
        name="Added latency, p95"
        value={latency ? duration(latency.p95) : '–'}
        hint={latency ? `p50 ${duration(latency.p50)}, ${plural(latency.calls, 'call')}` : 'no calls yet'}
      />
    </ul>
  );
}

function Charts({ data }: { data: OverviewView }) {
  const requests = (point: OverviewPoint) => point.requests;
  const blocked = (point: OverviewPoint) => point.blocked;
  const said = (point: OverviewPoint) => `${plural(point.requests, 'request')}, ${point.blocked} blocked`;
  const partly = data.hours_complete ? '' : ' (early hours not complete)';
  return (
    <div class="charts">
      <Bars
        title={`Requests, last 24 hours${partly}`}
        points={data.hours}
        value={requests}
        part={blocked}
        say={said}
        name={hourOf}
      />
      <Bars
        title="Requests per day"
        points={data.days}
        value={requests}
        part={blocked}
        say={said}
        name={dayOf}
      />
      <Bars
        title="Spend per day"
        points={data.days}
        value={(point) => point.cost_micros}
        say={(point) => dollars({ micros: point.cost_micros })}
        name={dayOf}
      />
    </div>
  );
}

function dayOf({ at }: OverviewPoint): string {
  return at.slice(0, 10);
}

function hourOf({ at }: OverviewPoint): string {
  return new Date(at).toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit', hour12: false });
}
