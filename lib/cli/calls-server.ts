import type { Pack } from '#core/pack/pack.ts';
import type { Log } from '#core/ports.ts';
import { metricsRegistry, type Snapshot } from '#local/metrics-registry.ts';
import { serveHttp } from '#local/serve-http.ts';
import { CliError, EXIT, systemCode } from './cli-error.ts';
import type { GatewaySettings } from './gateway-settings.ts';
import type { ListenAddress } from './listen-address.ts';
import { deployments, openStandaloneGateway } from './standalone-gateway.ts';
import type { Terminal } from './terminal.ts';
import { openTracing } from './tracing.ts';

/** Whoever serves the calls: this process, or workers. */
export interface CallsServer {
  /** `http://127.0.0.1:41002`, without a path. */
  readonly url: string;
  /** In force from the next call on. */
  usePack(pack: Pack): void;
  /** While the journal is full, no new call is taken. */
  setFull(full: boolean): void;
  figures(): Promise<Figures>;
  /** Takes no new calls, gives running ones so long to end, and closes. */
  close(drainMs: number): Promise<void>;
}

export interface Figures {
  readonly counted: Snapshot;
  /** Calls that have a place, and calls that wait for one. */
  readonly running: number;
  readonly waiting: number;
}

/** Serves calls in this process. */
export async function serveHere(
  settings: GatewaySettings,
  first: Pack,
  { log, terminal }: { log: Log; terminal: Terminal },
): Promise<CallsServer> {
  let pack = first;
  let full = false;
  const metrics = metricsRegistry();
  const deployment = deployments(() => pack, terminal);
  const { folder } = settings;
  const spans = await openTracing({ log, terminal });
  const gateway = await openStandaloneGateway({
    folder,
    deployment,
    isFull: () => full,
    metrics,
    spans,
    log,
    terminal,
  });
  const door = await listen(settings.listen, () =>
    serveHttp(gateway.app, {
      ...settings.listen,
      maxConcurrent: Math.ceil(settings.maxConcurrency / settings.workers),
      maxWaiting: Math.ceil(settings.maxQueue / settings.workers),
      unlimited: (path) => path === '/keeptrusts/health',
      onError: (error) => log.error('the gateway failed', { error: String(error) }),
    }),
  ).catch(async (error: unknown) => {
    await gateway.close();
    throw error;
  });
  return {
    url: door.url,
    usePack: (next) => {
      pack = next;
    },
    setFull: (now) => {
      full = now;
    },
    figures: async () => ({ counted: metrics.snapshot(), ...door.load() }),
    async close(drainMs) {
      await door.close(drainMs);
      await gateway.close();
      await spans?.close();
    },
  };
}

/** Says why an address cannot be listened on. */
export async function listen<T>({ host, port }: ListenAddress, open: () => Promise<T>): Promise<T> {
  try {
    return await open();
  } catch (cause) {
    const message = `Cannot listen on ${host}:${port}: ${whyNot(cause)}`;
    throw new CliError(message, { exitCode: EXIT.unreachable, cause });
  }
}

function whyNot(error: unknown): string {
  const code = systemCode(error);
  if (code === 'EADDRINUSE') return 'the port is in use. Stop what uses it, or choose another with --listen.';
  if (code === 'EACCES') return 'not allowed. Choose a port above 1023 with --listen.';
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') return 'this machine does not have that address.';
  return code ?? String(error);
}
