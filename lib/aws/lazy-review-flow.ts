import type { ReviewFlow } from '#core/ports.ts';

/** A flow that is loaded when the first answer is held: most gateways never need its client. A failed load is tried again. */
export function lazyReviewFlow(load: () => Promise<ReviewFlow>): ReviewFlow {
  let loading: Promise<ReviewFlow> | undefined;
  function flow(): Promise<ReviewFlow> {
    loading ??= load().catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    return loading;
  }
  return {
    start: async (caseId, timeoutSeconds) => (await flow()).start(caseId, timeoutSeconds),
    resume: async (token, decision) => (await flow()).resume(token, decision),
  };
}
