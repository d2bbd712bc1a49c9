import type { ReviewState } from '#core/review/case.ts';
import type { ReviewPorts } from './ports.ts';

/**
 * Tells the waiting state machine about a decision that already stands. A lost callback is logged and no error: the
 * machine then ends by its timeout, and settling reads the decision from the case.
 */
export async function wake(
  { desk, flow, log }: Pick<ReviewPorts, 'desk' | 'flow' | 'log'>,
  caseId: string,
  state: ReviewState,
): Promise<void> {
  try {
    const token = await desk.tokenOf(caseId);
    // Without a token the machine has not asked yet; `review-open` finds the decision when it does.
    if (token !== undefined) await flow.resume(token, { state });
  } catch (error) {
    log.error('review callback was lost; the decision stands', { case_id: caseId, error: nameOf(error) });
  }
}

/** Names only: a message of an AWS client may quote the callback token. */
function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}
