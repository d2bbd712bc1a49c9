import { setTimeout as sleep } from 'node:timers/promises';
import type { Origin } from '#core/ledger/origin.ts';
import type { Log } from '#core/ports.ts';
import { type Reporter, startReporter } from '#local/event-reporter.ts';
import { journalBytes, pruneJournal } from '#local/journal-retention.ts';
import type { Segment } from '#local/journal-segment.ts';
import type { ControlPlane } from '#local/post-report.ts';
import { actOnReview } from '#review/act-on-review.ts';
import type { TellRequest } from '#review/messages.ts';
import { sweepReviews } from '#review/sweep-reviews.ts';
import { wallClock } from './source-options.ts';
import { openRecord } from './standalone-record.ts';
import { openReviews } from './standalone-reviews.ts';
import { statePaths } from './standalone-state.ts';
import { sweepLostCalls } from './standalone-sweeper.ts';

/** What is done once per state folder, however many processes serve calls from it. */
export interface Keeper {
  /** The journal is as large as it may be and nothing can be deleted: no new calls. */
  isFull(): boolean;
  journalBytes(): Promise<number>;
  /** Bytes the control plane has not acknowledged; undefined = nothing is reported. */
  lag(): Promise<number | undefined>;
  /** Sends what is left to the control plane for at most `ms`. */
  close(ms: number): Promise<void>;
}

export interface KeeperOptions {
  readonly folder: string;
  readonly origin: Origin;
  readonly log: Log;
  readonly controlPlane: ControlPlane | undefined;
  readonly journal: { readonly maxBytes: number; readonly maxAgeMs?: number };
}

/** Keeps no process alive. */
const wait = (ms: number) => sleep(ms, undefined, { ref: false });

const PRUNE_MS = 30_000;
const ADOPT_MS = 10_000;
const SWEEP_REVIEWS_MS = 60_000;

export async function openKeeper(options: KeeperOptions): Promise<Keeper> {
  const { folder, origin, log, controlPlane } = options;
  const paths = statePaths(folder);
  const own = await openRecord(folder, origin, log);
  const reviews = openReviews(folder, { record: own.record, log });
  const { flow } = reviews;
  const tell = (request: TellRequest) => actOnReview(reviews, request);
  await flow.adopt();
  const sweeper = sweepLostCalls(paths, { sink: own.sink, origin, log });
  const reporter =
    controlPlane &&
    (await startReporter({ ...controlPlane, journal: paths.journal, positions: paths.reported, log }));
  const retention = keepBounded(options, reporter);
  const adopting = setInterval(() => void flow.adopt().catch(() => undefined), ADOPT_MS).unref();
  const sweepingReviews = setInterval(
    () =>
      void sweepReviews({ ...reviews, tell, wait }).catch((error: unknown) =>
        log.error('reviews could not be swept', { error: String(error) }),
      ),
    SWEEP_REVIEWS_MS,
  ).unref();
  return {
    isFull: retention.isFull,
    journalBytes: () => journalBytes(paths.journal),
    lag: async () => reporter?.lag(),
    async close(ms) {
      clearInterval(adopting);
      clearInterval(sweepingReviews);
      flow.close();
      retention.close();
      await sweeper.close();
      await own.close();
      await reporter?.close(ms);
    },
  };
}

/** Deletes old files of the journal, never one with events that the control plane has not acknowledged. */
function keepBounded(
  { folder, journal, log }: KeeperOptions,
  reporter: Reporter | undefined,
): { isFull(): boolean; close(): void } {
  let full = false;
  const mayDelete = ({ name, bytes }: Segment) =>
    reporter === undefined || (reporter.acknowledged().get(name) ?? 0) >= bytes;

  async function prune(): Promise<void> {
    const pruned = await pruneJournal(statePaths(folder).journal, { ...journal, mayDelete }, wallClock.now());
    for (const { name, bytes } of pruned.deleted) log.info('journal file deleted', { file: name, bytes });
    if (pruned.full !== full) {
      full = pruned.full;
      if (full)
        log.error(
          'the journal is full: calls are refused until events are reported or --journal-mb is raised',
          {
            bytes: pruned.bytes,
          },
        );
      else log.info('the journal has room again', { bytes: pruned.bytes });
    }
  }
  const run = () =>
    void prune().catch((error: unknown) =>
      log.error('the journal cannot be pruned', { error: String(error) }),
    );
  run();
  const timer = setInterval(run, PRUNE_MS).unref();
  return { isFull: () => full, close: () => clearInterval(timer) };
}
