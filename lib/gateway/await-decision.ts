import type { ReviewDesk } from '#core/ports.ts';
import { type ReviewCase, releasedText } from '#core/review/case.ts';

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

/**
 * What became of a held answer while its client waits: the text to serve, `declined`, or `pending` when nobody decided in time. A desk that
 * cannot be read for a moment is asked again.
 */
export async function awaitDecision(waiting: Waiting): Promise<{ text: string } | 'declined' | 'pending'> {
  const { desk, caseId, seconds, signal, pollMs = POLL_MS } = waiting;
  const rounds = Math.ceil((seconds * 1000) / pollMs);
  for (let round = 0; round < rounds && !signal.aborted; round += 1) {
    await pause(pollMs, signal);
    const found = await desk.get(caseId).catch(() => undefined);
    if (found?.decision) return decided(found);
  }
  return 'pending';
}

function decided(reviewCase: ReviewCase): { text: string } | 'declined' {
  const text = releasedText(reviewCase);
  return text === undefined ? 'declined' : { text };
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
