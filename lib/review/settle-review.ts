import { isReleased, type ReviewCase, type ReviewDecision } from '#core/review/case.ts';
import { SettleMessage } from './messages.ts';
import type { ReviewPorts } from './ports.ts';
import { decisionDetail, recordReview } from './record-review.ts';

const ROUTE = 'review-settle';

/** How a case ended, for the output of the state machine: no text in it. */
export interface Settled {
  readonly caseId: string;
  readonly state: ReviewDecision['state'];
  readonly released: boolean;
}

type SettlePorts = Pick<ReviewPorts, 'desk' | 'record' | 'clock' | 'announce'>;

/**
 * The end of a case, called by the state machine. Nobody decided in time: it expires by its `onTimeout`. The machine
 * itself failed: it is rejected, since nobody would watch its time any more. The outcome is an event; a retry of the
 * machine may write it twice.
 */
export async function settleReview(ports: SettlePorts, message: unknown): Promise<Settled> {
  const { caseId, outcome } = SettleMessage.parse(message);
  const found = await ports.desk.get(caseId);
  if (!found) throw new Error(`review case ${caseId} does not exist`);
  const held = found.decision ? found : await closeBySystem(ports, found, outcome);
  const { decision } = held;
  if (!decision) throw new Error(`review case ${caseId} could not be closed`);

  // Where the machine heard of no decision, the event of the decision may be missing as well.
  if (!found.decision || outcome !== 'decided') await recordClosing(ports, held, decision);
  const released = isReleased(held);
  if (released)
    await recordReview(ports, held, decision, {
      type: 'review.released',
      route: ROUTE,
      detail: decisionDetail(decision, held),
    });
  await ports.announce?.(held);
  return { caseId, state: decision.state, released };
}

/** Closes an open case in the name of the system; a person who was faster wins. */
async function closeBySystem(
  { desk, clock }: SettlePorts,
  held: ReviewCase,
  outcome: SettleMessage['outcome'],
): Promise<ReviewCase> {
  const expired = outcome === 'expired';
  const decision: ReviewDecision = {
    state: expired ? 'expired' : 'rejected',
    by: 'system',
    at: new Date(clock.now()).toISOString(),
    reason: expired
      ? `nobody decided in time; on timeout: ${held.onTimeout}`
      : 'the review could not be run to its end',
  };
  return (await desk.decide(held.id, decision)) ?? (await desk.get(held.id)) ?? held;
}

async function recordClosing(ports: SettlePorts, held: ReviewCase, decision: ReviewDecision): Promise<void> {
  const type = decision.state === 'expired' ? 'review.expired' : 'review.decided';
  await recordReview(ports, held, decision, { type, route: ROUTE, detail: decisionDetail(decision, held) });
}
