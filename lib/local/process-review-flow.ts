import type { Clock, Log, ReviewDesk, ReviewFlow } from '#core/ports.ts';

/** How a held answer ended, to be recorded. */
export type Settle = (caseId: string, outcome: 'decided' | 'expired') => Promise<unknown>;

/** What the review state machine does in the cloud, in one process: waits until a case is due, then expires it. */
export interface ProcessReviewFlow extends ReviewFlow {
  /** Watches the open cases an earlier process left; those that are overdue end now. */
  adopt(): Promise<void>;
  /** Stops watching. The cases stay open and are adopted by the next process. */
  close(): void;
}

/** Timers take at most 2^31 - 1 milliseconds; longer waits are cut into pieces. */
const MAX_WAIT_MS = 2_000_000_000;
const MAX_OPEN = 10_000;

/** The callback token of a case is its id: any process that can read the desk may resume it. */
export function processReviewFlow(ports: {
  readonly desk: ReviewDesk;
  readonly clock: Clock;
  readonly log: Log;
  readonly settle: Settle;
  /** False where another process watches the cases (and adopts them again and again). */
  readonly watches?: boolean;
}): ProcessReviewFlow {
  const { desk, clock, log, settle, watches = true } = ports;
  const timers = new Map<string, NodeJS.Timeout>();

  function watch(caseId: string, dueAt: number): void {
    clearTimeout(timers.get(caseId));
    const wait = Math.min(Math.max(dueAt - clock.now(), 0), MAX_WAIT_MS);
    timers.set(caseId, setTimeout(() => void wake(caseId, dueAt), wait).unref());
  }
  async function wake(caseId: string, dueAt: number): Promise<void> {
    if (clock.now() < dueAt) return watch(caseId, dueAt);
    timers.delete(caseId);
    try {
      const held = await desk.get(caseId);
      if (held && !held.decision) await settle(caseId, 'expired');
    } catch (error) {
      log.error('a held answer could not be expired', { case_id: caseId, error: String(error) });
    }
  }

  return {
    async start(caseId) {
      const held = await desk.get(caseId);
      if (!held) throw new Error(`review case ${caseId} does not exist`);
      await desk.keepToken(caseId, caseId);
      if (watches && !held.decision) watch(caseId, Date.parse(held.dueAt));
    },
    async resume(token) {
      clearTimeout(timers.get(token));
      timers.delete(token);
      if (!(await desk.get(token))) return 'gone';
      await settle(token, 'decided');
      return 'resumed';
    },
    async adopt() {
      for (const state of ['open', 'claimed'] as const)
        for (const { id, dueAt } of await desk.list(state, MAX_OPEN)) watch(id, Date.parse(dueAt));
    },
    close() {
      for (const timer of timers.values()) clearTimeout(timer);
      timers.clear();
    },
  };
}
