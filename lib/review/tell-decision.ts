import type { ReviewCase, ReviewDecision } from '#core/review/case.ts';
import { type DecideAnswer, missing, refused } from './answer.ts';
import { TellRequest } from './messages.ts';
import type { ReviewPorts } from './ports.ts';
import { decisionDetail, recordReview } from './record-review.ts';
import { wake } from './wake.ts';

type TellPorts = Pick<ReviewPorts, 'desk' | 'flow' | 'record' | 'log'>;

type Heard = Awaited<ReturnType<typeof wake>>;

/** The machine still waits for a decision that stands. */
class CallbackLost extends Error {
  override readonly name = 'CallbackLost';
}

/** Tells the ledger, then the state machine. What the machine did not hear stays untold, its event is not written again. */
export async function tellDecision(
  ports: TellPorts,
  held: ReviewCase,
  decision: ReviewDecision,
): Promise<Heard> {
  await recordReview(ports, held, decision, {
    type: 'review.decided',
    route: '/api/reviews/{id}/decide',
    detail: decisionDetail(decision, held),
  });
  const heard = await wake(ports, held.id, decision.state);
  if (heard !== 'told') await noteRecorded(ports, held.id);
  return heard;
}

/**
 * The sweeper's wish, which sees to it that a machine runs: whoever has not heard of a decision hears of it now. Throws
 * CallbackLost when the machine still cannot be told.
 */
export async function tellAgain(ports: TellPorts, request: unknown): Promise<DecideAnswer> {
  const parsed = TellRequest.safeParse(request);
  if (!parsed.success) return refused('invalid_request', 'Telling again is { act: "tell", id, isRecorded }.');
  const { id, isRecorded } = parsed.data;
  const held = await ports.desk.get(id);
  if (!held) return missing();
  const { decision } = held;
  if (!decision) return refused('invalid_request', 'Nobody has decided yet. Nothing was changed.');
  const heard = isRecorded
    ? await wake(ports, id, decision.state)
    : await tellDecision(ports, held, decision);
  if (heard === 'lost')
    throw new CallbackLost(`the machine of review case ${id} was not told of its decision`);
  if (heard === 'early') await ports.desk.told(id, 'machine');
  return { ok: true, case: held };
}

/** Failing here costs a second event at worst. */
async function noteRecorded({ desk, log }: TellPorts, id: string): Promise<void> {
  await desk.told(id, 'ledger').catch(() => log.error('a decision may be recorded twice', { case_id: id }));
}
