import { setTimeout as sleep } from 'node:timers/promises';
import type { JsonObject } from '#core/json.ts';
import type { Receipt } from '#core/ledger/report.ts';
import type { Log } from '#core/ports.ts';
import { type ControlPlane, postReport, ReportFailure } from './post-report.ts';
import { advance, bytesLeft, nextBatch, present, type Stretch } from './report-batch.ts';
import { type Positions, readPositions, writePositions } from './report-position.ts';

export interface ReporterOptions extends ControlPlane {
  /** The journal, which is the spool. */
  readonly journal: string;
  /** Where the acknowledged positions are kept. */
  readonly positions: string;
  readonly log: Log;
  /** Pause after a pass that found nothing, and after the first failure (doubled with each further one). Default 500 ms. */
  readonly pauseMs?: number;
}

/** Brings the events of a journal to the control plane until each is acknowledged, in however many tries. */
export interface Reporter {
  /** How far the control plane has acknowledged. */
  acknowledged(): Positions;
  /** Bytes of the journal that are not acknowledged. */
  lag(): Promise<number>;
  /** Sends what is left for at most `ms`; the rest goes with the next start. */
  close(ms?: number): Promise<void>;
}

const MAX_PAUSE_MS = 30_000;

export async function startReporter(options: ReporterOptions): Promise<Reporter> {
  const { journal, positions: file, url, log, pauseMs = 500 } = options;
  let positions: Positions = await readPositions(file, url.href);
  let failures = 0;
  let closing = false;
  let giveUp = Number.POSITIVE_INFINITY;
  const wake = new AbortController();

  /** True when there may be more at once. */
  async function pass(): Promise<boolean> {
    const stretches = await nextBatch(journal, positions);
    if (stretches.length === 0) return false;
    const events = stretches.flatMap(({ event }) => (event ? [event] : []));
    const receipts = events.length > 0 ? await report(options, events) : [];
    tellRejected(events, receipts, log);
    const next = advance(positions, stretches, takenBy(events, receipts));
    if (sameEnds(next, positions)) throw new ReportFailure('the control plane takes no events now', 200);
    const kept = await present(journal, next);
    await writePositions(file, url.href, kept);
    positions = kept;
    return true;
  }

  async function run(): Promise<void> {
    while (Date.now() < giveUp) {
      const more = await pass().catch(failed);
      if (more === true && failures > 0) {
        log.info('the control plane takes events again', { after_failures: failures });
        failures = 0;
      }
      if (closing && more !== true) return;
      if (more !== true)
        await sleep(pause(pauseMs, failures), undefined, { signal: wake.signal }).catch(() => undefined);
    }
  }
  function failed(error: unknown): undefined {
    failures += 1;
    if (failures > 1) return;
    const known = error instanceof ReportFailure;
    log.error('events are not reported; they are kept and sent again', {
      reason: known ? error.message : String(error),
      ...(known && (error.status === 401 || error.status === 403)
        ? { do: 'check KEEPTRUSTS_GATEWAY_TOKEN: kt keys create --gateway <name>' }
        : {}),
    });
  }

  const running = run();
  return {
    acknowledged: () => positions,
    lag: () => bytesLeft(journal, positions),
    async close(ms = 2000) {
      closing = true;
      giveUp = Date.now() + ms;
      wake.abort();
      await Promise.race([running, sleep(ms, undefined, { ref: false })]);
    },
  };
}

/** Sends a report; one that is refused as a whole is sent in halves, until the event that is at fault is found. */
async function report(options: ControlPlane, events: readonly JsonObject[]): Promise<Receipt[]> {
  try {
    return await postReport(options, events);
  } catch (error) {
    if (!(error instanceof ReportFailure) || (error.status !== 400 && error.status !== 413)) throw error;
    if (events.length === 1) return [{ event_id: null, status: 'rejected', reason: error.message }];
    const half = Math.ceil(events.length / 2);
    return [
      ...(await report(options, events.slice(0, half))),
      ...(await report(options, events.slice(half))),
    ];
  }
}

function tellRejected(events: readonly JsonObject[], receipts: readonly Receipt[], log: Log): void {
  for (const [i, { status, reason }] of receipts.entries()) {
    if (status !== 'rejected') continue;
    const event_id = events[i]?.['event_id'];
    log.error('the control plane refuses an event; it stays in the journal', { event_id, reason });
  }
}

function takenBy(events: readonly JsonObject[], receipts: readonly Receipt[]): (stretch: Stretch) => boolean {
  const unavailable = new Set(events.filter((_, i) => receipts[i]?.status === 'unavailable'));
  return ({ event }) => event !== undefined && !unavailable.has(event);
}

function sameEnds(a: Positions, b: Positions): boolean {
  return a.size === b.size && [...a].every(([segment, end]) => b.get(segment) === end);
}

/** Doubles with each failure, with jitter so that many gateways do not come back at once. */
function pause(base: number, failures: number): number {
  if (failures === 0) return base;
  const longest = Math.min(base * 2 ** Math.min(failures, 16), MAX_PAUSE_MS);
  return longest / 2 + (Math.random() * longest) / 2;
}
