import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Pack } from '#core/pack/pack.ts';
import type { Log } from '#core/ports.ts';
import { addSnapshots } from '#local/metrics-registry.ts';
import type { CallsServer, Figures } from './calls-server.ts';
import { CliError } from './cli-error.ts';
import type { GatewaySettings } from './gateway-settings.ts';
import { type FromWorker, isOurs, type ToWorker } from './worker-messages.ts';

const FIGURES_MS = 2000;
/** Beyond the time that running calls get, before a worker is killed. */
const STOP_MS = 5000;
const FIRST_PAUSE_MS = 500;
const MAX_PAUSE_MS = 30_000;

/** Serves calls in several processes on one port. A worker that ends is replaced. */
export async function serveInWorkers(settings: GatewaySettings, first: Pack, log: Log): Promise<CallsServer> {
  let pack = first;
  let full = false;
  let stopping = false;
  let pause = FIRST_PAUSE_MS;
  const workers = new Map<Worker, Promise<unknown>>();
  const waiting = new Map<number, (figures: Figures) => void>();
  let asked = 0;

  /** Resolves with the address once the worker listens. */
  function hire(): Promise<string> {
    const worker = cluster.fork();
    workers.set(worker, once(worker, 'exit'));
    return new Promise((listening, failed) => {
      worker.on('message', (message: unknown) => {
        if (!isOurs<FromWorker>(message)) return;
        if (message.kt === 'ready') tell(worker, { kt: 'begin', pack, full });
        else if (message.kt === 'listening') listening(message.url);
        else if (message.kt === 'failed') failed(new CliError(message.message, message));
        else waiting.get(message.ask)?.(message.figures);
      });
      worker.once('exit', (code, signal) => {
        workers.delete(worker);
        failed(new CliError(`A worker ended before it listened (${signal ?? code}).`));
      });
    });
  }
  function lose(worker: Worker, code: number | null, signal: string | null): void {
    if (stopping) return;
    log.error('a worker ended and is replaced', { worker: worker.process.pid, code, signal });
    void replace();
  }
  async function replace(): Promise<void> {
    await sleep(pause, undefined, { ref: false });
    pause = Math.min(pause * 2, MAX_PAUSE_MS);
    if (stopping) return;
    await hire().then(
      () => {
        pause = FIRST_PAUSE_MS;
      },
      (error: unknown) => log.error('a worker could not be replaced', { error: String(error) }),
    );
  }
  function figuresOf(worker: Worker): Promise<Figures | undefined> {
    asked += 1;
    const ask = asked;
    const answer = new Promise<Figures>((resolve) => waiting.set(ask, resolve));
    tell(worker, { kt: 'figures', ask });
    const late = sleep(FIGURES_MS, undefined, { ref: false });
    return Promise.race([answer, late]).finally(() => waiting.delete(ask));
  }
  function tellAll(message: ToWorker): void {
    for (const worker of workers.keys()) tell(worker, message);
  }
  async function close(drainMs: number): Promise<void> {
    stopping = true;
    tellAll({ kt: 'stop', drainMs });
    const ended = Promise.all(workers.values());
    await Promise.race([ended, sleep(drainMs + STOP_MS, undefined, { ref: false })]);
    for (const worker of workers.keys()) worker.process.kill('SIGKILL');
  }

  try {
    const url = await hire();
    await Promise.all(Array.from({ length: settings.workers - 1 }, hire));
    cluster.on('exit', lose);
    return {
      url,
      close,
      usePack(next) {
        pack = next;
        tellAll({ kt: 'pack', pack });
      },
      setFull(now) {
        full = now;
        tellAll({ kt: 'full', full });
      },
      async figures() {
        const each = (await Promise.all([...workers.keys()].map(figuresOf))).filter(
          (one) => one !== undefined,
        );
        return {
          counted: addSnapshots(each.map(({ counted }) => counted)),
          running: each.reduce((sum, { running }) => sum + running, 0),
          waiting: each.reduce((sum, one) => sum + one.waiting, 0),
        };
      },
    };
  } catch (error) {
    await close(0);
    throw error;
  }
}

function tell(worker: Worker, message: ToWorker): void {
  if (worker.isConnected()) worker.send(message);
}
