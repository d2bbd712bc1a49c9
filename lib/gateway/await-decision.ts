import type { ReviewDesk } from '#core/ports.ts';
import type { ReviewCase } from '#core/review/case.ts';

/** How often the desk is asked while a client waits. */
const POLL_MS = 1_000;

interface Waiting {
  readonly desk: Pick<ReviewDesk, 'get'>;
  readonly caseId: string;
  readonly seconds: number;
  /** The client left, or the door's deadline came. */
  readonly signal: AbortSignal;
  readonly pollMs?: number | undefined;
}

/** The case once it is decided, while its client waits; nothing when nobody decided in time. A desk that cannot be read for a moment is asked again. */
export async function awaitDecision(waiting: Waiting): Promise<ReviewCase | undefined> {
  const { desk, caseId, seconds, signal, pollMs = POLL_MS } = waiting;
  const rounds = Math.ceil((seconds * 1000) / pollMs);
  for (let round = 0; round < rounds && !signal.aborted; round += 1) {
    await pause(pollMs, signal);
    const found = await desk.get(caseId).catch(() => undefined);
    if (found?.decision) return found;
  }
  return undefined;
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
  });
}
