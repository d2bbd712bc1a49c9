import { errorName } from '#core/error-name.ts';
import type { ReviewState } from '#core/review/case.ts';
import type { ReviewPorts } from './ports.ts';

/**
 * Tells the waiting state machine about a decision that already stands. `early`: the machine has not asked yet, and finds the
 * decision when it does. `lost`: it could not be told. After both the decision stays on the list of the untold.
 */
export async function wake(
  { desk, flow, log }: Pick<ReviewPorts, 'desk' | 'flow' | 'log'>,
  caseId: string,
  state: ReviewState,
): Promise<'told' | 'early' | 'lost'> {
  try {
    const token = await desk.tokenOf(caseId);
    if (token === undefined) return 'early';
    await flow.resume(token, { state });
    await desk.told(caseId, 'machine');
    return 'told';
  } catch (error) {
    log.error('a review callback was lost; the decision stands, and is told again', {
      case_id: caseId,
      error: errorName(error),
    });
    return 'lost';
  }
}
