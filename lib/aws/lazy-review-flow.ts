import type { ReviewFlow } from '#core/ports.ts';
import { lazily } from './lazily.ts';

/** A flow that is loaded when the first answer is held: most gateways never need its client. */
export function lazyReviewFlow(load: () => Promise<ReviewFlow>): ReviewFlow {
  const flow = lazily(load);
  return {
    start: async (caseId, timeoutSeconds) => (await flow()).start(caseId, timeoutSeconds),
    resume: async (token, decision) => (await flow()).resume(token, decision),
  };
}
