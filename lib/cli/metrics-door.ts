import type { App } from '#core/app.ts';
import type { Pack } from '#core/pack/pack.ts';
import { type Gauge, PROMETHEUS_TYPE, prometheusText } from '#local/prometheus-text.ts';
import { type HttpDoor, serveHttp } from '#local/serve-http.ts';
import { type CallsServer, listen } from './calls-server.ts';
import type { ListenAddress } from './listen-address.ts';
import type { Keeper } from './standalone-keeper.ts';

/** What figures are taken of. */
export interface Measured {
  readonly server: CallsServer;
  readonly keeper: Keeper;
  readonly pack: () => Pack;
  readonly version: string;
}

/** `GET /metrics` for Prometheus, on an address of its own: it needs no key and tells who calls how often. */
export function openMetricsDoor(address: ListenAddress, measured: Measured): Promise<HttpDoor> {
  const app: App = async (request) => {
    if (request.method !== 'GET' || new URL(request.url).pathname !== '/metrics')
      return new Response('GET /metrics\n', { status: 404 });
    return new Response(await page(measured), { headers: { 'content-type': PROMETHEUS_TYPE } });
  };
  return listen(address, () => serveHttp(app, { ...address, maxConcurrent: 4 }));
}

async function page({ server, keeper, pack, version }: Measured): Promise<string> {
  const [{ counted, running, waiting }, journal, lag] = await Promise.all([
    server.figures(),
    keeper.journalBytes(),
    keeper.lag(),
  ]);
  const { name, version: packVersion, hash } = pack();
  const info = { version, pack: `${name}@${packVersion}`, pack_hash: hash.slice(0, 12) };
  return prometheusText(counted, [
    gauge('keeptrusts_running', 'Calls that are being served.', running),
    gauge('keeptrusts_waiting', 'Calls that wait for a place.', waiting),
    gauge('keeptrusts_journal_bytes', 'Size of the journal.', journal),
    gauge(
      'keeptrusts_journal_full',
      '1 while no new call is taken because the journal is full.',
      Number(keeper.isFull()),
    ),
    ...(lag === undefined
      ? []
      : [gauge('keeptrusts_journal_unreported_bytes', 'Bytes the control plane has not acknowledged.', lag)]),
    {
      name: 'keeptrusts_info',
      help: 'Version and pack in force; always 1.',
      values: [{ labels: info, value: 1 }],
    },
  ]);
}

function gauge(name: string, help: string, value: number): Gauge {
  return { name, help, values: [{ value }] };
}
