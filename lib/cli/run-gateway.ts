import { once } from 'node:events';
import { originOf } from '#core/ledger/origin.ts';
import type { Pack } from '#core/pack/pack.ts';
import type { Log } from '#core/ports.ts';
import { type CallsServer, serveHere } from './calls-server.ts';
import { controlPlaneOf } from './control-plane.ts';
import { gatewayBanner, missingSecrets } from './gateway-banner.ts';
import type { GatewaySettings } from './gateway-settings.ts';
import { serveInWorkers } from './gateway-supervisor.ts';
import { isExposed } from './listen-address.ts';
import { openLivePack } from './live-pack.ts';
import { openMetricsDoor } from './metrics-door.ts';
import { deployments } from './standalone-gateway.ts';
import { openKeeper } from './standalone-keeper.ts';
import { STANDALONE, writeGatewayFile } from './standalone-state.ts';
import { paint, type Terminal } from './terminal.ts';

const WATCH_MS = 1000;
/** What is recorded but not reported is sent for so long at the end; the rest goes with the next start. */
const REPORT_MS = 5000;

/** Serves until it is asked to end, then lets running calls end. What was opened is closed in reverse, whatever happens. */
export async function runGateway(
  settings: GatewaySettings,
  { log, terminal }: { log: Log; terminal: Terminal },
): Promise<void> {
  const opened: Opened = [];
  try {
    await serve(settings, opened, { log, terminal });
  } finally {
    for (const close of opened.reverse()) await close();
  }
}

/** What must be closed again, in the order of opening. */
type Opened = (() => unknown)[];

async function serve(
  settings: GatewaySettings,
  opened: Opened,
  { log, terminal }: { log: Log; terminal: Terminal },
): Promise<void> {
  const ended = terminal.interrupted();
  const controlPlane = controlPlaneOf(terminal);
  const { files, defaults, folder, journal } = settings;
  let server: CallsServer | undefined;
  const live = await openLivePack({
    files,
    defaults,
    terminal,
    onChange(pack) {
      server?.usePack(pack);
      if (server) void tellState(folder, server.url, pack, log);
    },
  });
  opened.push(() => live.close());
  const origin = originOf(deployments(() => live.current, terminal)());
  const keeper = await openKeeper({ folder, origin, log, controlPlane, journal });
  opened.push(() => keeper.close(REPORT_MS));
  server =
    settings.workers > 1
      ? await serveInWorkers(settings, live.current, log)
      : await serveHere(settings, live.current, { log, terminal });
  opened.push(() => server?.close(settings.drainMs));
  watchJournal(() => server?.setFull(keeper.isFull()), opened);
  const metricsUrl =
    settings.metrics &&
    (await showFigures(settings.metrics, opened, {
      server,
      keeper,
      pack: () => live.current,
      version: terminal.version,
    }));

  await tellState(folder, server.url, live.current, log);
  welcome(settings, live.current, { url: server.url, metricsUrl, controlPlane: controlPlane?.url }, terminal);
  if (!ended.aborted) await once(ended, 'abort');
  terminal.err('stopping: running calls may end');
}

function watchJournal(look: () => void, opened: Opened): void {
  const timer = setInterval(look, WATCH_MS).unref();
  opened.push(() => clearInterval(timer));
}

async function showFigures(
  address: NonNullable<GatewaySettings['metrics']>,
  opened: Opened,
  measured: Parameters<typeof openMetricsDoor>[1],
): Promise<string> {
  const door = await openMetricsDoor(address, measured);
  opened.push(() => door.close(0));
  return `${door.url}/metrics`;
}

/** What other commands of this machine read about the running gateway. It serves without. */
async function tellState(folder: string, url: string, pack: Pack, log: Log): Promise<void> {
  const names = { environment: STANDALONE, pack: `${pack.name}@${pack.version}`, packHash: pack.hash };
  await writeGatewayFile(folder, { url, pid: process.pid, ...names }).catch((error: unknown) =>
    log.error('gateway.json cannot be written', { error: String(error) }),
  );
}

interface Places {
  readonly url: string;
  readonly metricsUrl: string | undefined;
  readonly controlPlane: URL | undefined;
}

function welcome(settings: GatewaySettings, pack: Pack, places: Places, terminal: Terminal): void {
  const { url, metricsUrl, controlPlane } = places;
  const banner = gatewayBanner(
    pack,
    {
      url,
      file: settings.files.join(' + '),
      folder: settings.state,
      ...(settings.workers > 1 ? { workers: settings.workers } : {}),
      ...(metricsUrl ? { metrics: metricsUrl } : {}),
      ...(controlPlane ? { reports: controlPlane.origin } : {}),
    },
    terminal,
  );
  // With --log json the standard output is for a program.
  if (settings.log === 'json') terminal.err(banner);
  else terminal.out(banner);
  for (const warning of warnings(settings, missingSecrets(pack, terminal)))
    terminal.err(paint(terminal, 'yellow', warning));
}

function warnings({ listen, metrics }: GatewaySettings, missing: readonly string[]): string[] {
  const unset = missing.map(
    (name) => `${name} is not set: calls that need it are refused until you set it and restart.`,
  );
  const exposed =
    'Other machines can reach this address, and keys travel unencrypted: put TLS in front of it.';
  const watched = 'Other machines can read the metrics: they need no key and name your apps.';
  return [
    ...unset,
    ...(isExposed(listen) ? [exposed] : []),
    ...(metrics && isExposed(metrics) ? [watched] : []),
  ];
}
