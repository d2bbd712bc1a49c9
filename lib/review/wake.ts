import type { ReviewState } from '#core/review/case.ts';
import type { ReviewPorts } from './ports.ts';

/**
 * Tells the waiting state machine about a decision that already stands; false when it could not be told. Then the decision
 * stays on the list of the untold, and the sweeper has it told again.
 */
export async function wake(
  { desk, flow, log }: Pick<ReviewPorts, 'desk' | 'flow' | 'log'>,
  caseId: string,
  state: ReviewState,
): Promise<boolean> {
  try {
    const token = await desk.tokenOf(caseId);
    // Without a token the machine has not asked yet; `review-open` finds the decision when it does.
    if (token !== undefined) await flow.resume(token, { state });
    await desk.told(caseId, 'machine');
    return true;
  } catch (error) {
    log.error('a review callback was lost; the decision stands, and is told again', {
      case_id: caseId,
      error: nameOf(error),
    });
    return false;
  }
}

/** Names only: a message of an AWS client may quote the callback token. */
function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}
