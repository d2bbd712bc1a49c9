import { errorName } from '#core/error-name.ts';
import type { ReviewCase } from '#core/review/case.ts';
import type { TellRequest } from './messages.ts';
import type { ReviewPorts } from './ports.ts';
import { settleReview } from './settle-review.ts';

/** What one run did. */
export interface ReviewSweep {
  /** Cases past their time that no state machine had closed. */
  readonly expired: number;
  /** Cases whose state machine had never begun to wait, started again. */
  readonly started: number;
  /** Decisions whose callback was lost, told to their state machine again. */
  readonly told: number;
}

/** What the sweeper needs besides: it may not resume a machine itself, and waits for what is due within this run. */
export interface SweepPorts extends ReviewPorts {
  /** The function that decides tells the machine. Rejects when that could not be told. */
  tell(request: TellRequest): Promise<unknown>;
  wait(ms: number): Promise<unknown>;
}

/** Cases taken per run; the rest waits for the next minute. */
const MAX_CASES = 25;
/** Open cases looked at per run, the one that is due first at the head. */
const MAX_LOOKED_AT = 100;
/** The machine closes a case within seconds of its time and starts within seconds of its opening; starting twice is starting once. */
const CLOSE_AFTER_MS = 5_000;
const START_AFTER_MS = 10_000;
/** By then the function that decided has told everybody, or has ended: it runs for 30 s at most. */
const TELL_AFTER_MS = 30_000;
/** Runs are a minute apart: with this a case without a machine is closed at most 30 s after its time. */
const LOOK_AHEAD_MS = 30_000;

/**
 * Closes what the state machine lost. A case past its time expires by its `onTimeout`; one before its time whose
 * machine keeps no callback token is started with the time that is left. Starting one that runs does nothing. A decision
 * that its machine did not hear of is told again.
 */
export async function sweepReviews(ports: SweepPorts): Promise<ReviewSweep> {
  const until = ports.clock.now() + LOOK_AHEAD_MS;
  const started = await startLost(ports);
  const told = await tellUntold(ports);
  return { expired: await expireDue(ports, until), started, told };
}

/** One that cannot be closed keeps no other one open. */
async function expireDue(ports: SweepPorts, until: number): Promise<number> {
  const { desk, clock, log, wait } = ports;
  let expired = 0;
  for (const { id, dueAt } of await desk.overdue(new Date(until).toISOString(), MAX_CASES)) {
    await wait(Math.max(0, Date.parse(dueAt) + CLOSE_AFTER_MS - clock.now()));
    try {
      if ((await desk.get(id))?.decision) continue;
      await settleReview(ports, { caseId: id, outcome: 'expired' });
      expired += 1;
    } catch (error) {
      log.error('an overdue review could not be closed', { case_id: id, error: errorName(error) });
    }
  }
  return expired;
}

/** Ends at the first start that fails: while Step Functions is down, the others would fail as well. */
async function startLost({ desk, flow, clock, log }: SweepPorts): Promise<number> {
  const now = clock.now();
  let started = 0;
  for (const held of await desk.list('open', MAX_LOOKED_AT)) {
    if (started === MAX_CASES) break;
    if (!mayBeLost(held, now) || (await desk.tokenOf(held.id)) !== undefined) continue;
    try {
      await flow.start(held.id, Math.ceil((Date.parse(held.dueAt) - now) / 1000));
    } catch (error) {
      log.error('a review could not be started; it is tried again', {
        case_id: held.id,
        error: errorName(error),
      });
      break;
    }
    started += 1;
  }
  return started;
}

/** Ends at the first that fails, as starting does. */
async function tellUntold({ desk, flow, clock, log, tell }: SweepPorts): Promise<number> {
  let told = 0;
  const before = new Date(clock.now() - TELL_AFTER_MS).toISOString();
  for (const untold of await desk.untold(before, MAX_CASES)) {
    try {
      // Decided before a machine ever ran: one is run all the same, so that every case ends in the same way.
      if ((await desk.tokenOf(untold.id)) === undefined) await flow.start(untold.id);
      await tell({ act: 'tell', ...untold });
    } catch (error) {
      log.error('a decision could not be told; it is tried again', {
        case_id: untold.id,
        error: errorName(error),
      });
      break;
    }
    told += 1;
  }
  return told;
}

function mayBeLost({ openedAt, dueAt }: ReviewCase, now: number): boolean {
  return Date.parse(openedAt) + START_AFTER_MS < now && Date.parse(dueAt) > now;
}
