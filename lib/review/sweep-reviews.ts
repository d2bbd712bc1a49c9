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

/** The sweeper may not resume a machine itself: the function that decides does. Rejects when the machine was not told. */
export type AskToTell = (request: TellRequest) => Promise<unknown>;

/** Cases taken per run; the rest waits for the next minute. */
const MAX_CASES = 25;
/** Open cases looked at per run, the one that is due first at the head. */
const MAX_LOOKED_AT = 100;
/** The machine closes a case within seconds of its time and starts within seconds of its opening; starting twice is starting once. */
const CLOSE_AFTER_MS = 60_000;
const START_AFTER_MS = 10_000;
/** By then the function that decided has told everybody, or has ended: it runs for 30 s at most. */
const TELL_AFTER_MS = 30_000;

/**
 * Closes what the state machine lost. A case past its time expires by its `onTimeout`; one before its time whose
 * machine keeps no callback token is started with the time that is left. Starting one that runs does nothing. A decision
 * that its machine did not hear of is told again.
 */
export async function sweepReviews(ports: ReviewPorts, tell: AskToTell): Promise<ReviewSweep> {
  return {
    expired: await expireOverdue(ports),
    started: await startLost(ports),
    told: await tellUntold(ports, tell),
  };
}

/** One that cannot be closed keeps no other one open. */
async function expireOverdue(ports: ReviewPorts): Promise<number> {
  const { desk, clock, log } = ports;
  let expired = 0;
  const overdue = await desk.overdue(new Date(clock.now() - CLOSE_AFTER_MS).toISOString(), MAX_CASES);
  for (const { id } of overdue) {
    try {
      await settleReview(ports, { caseId: id, outcome: 'expired' });
      expired += 1;
    } catch (error) {
      log.error('an overdue review could not be closed', { case_id: id, error: nameOf(error) });
    }
  }
  return expired;
}

/** Ends at the first start that fails: while Step Functions is down, the others would fail as well. */
async function startLost({ desk, flow, clock, log }: ReviewPorts): Promise<number> {
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
        error: nameOf(error),
      });
      break;
    }
    started += 1;
  }
  return started;
}

/** Ends at the first that fails, as starting does. */
async function tellUntold({ desk, clock, log }: ReviewPorts, tell: AskToTell): Promise<number> {
  let told = 0;
  const before = new Date(clock.now() - TELL_AFTER_MS).toISOString();
  for (const untold of await desk.untold(before, MAX_CASES)) {
    try {
      await tell({ act: 'tell', ...untold });
    } catch (error) {
      log.error('a decision could not be told; it is tried again', {
        case_id: untold.id,
        error: nameOf(error),
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

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}
