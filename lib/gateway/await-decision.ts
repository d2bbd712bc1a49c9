import type { ReviewCase } from '#core/review/case.ts';
import type { Relay } from './relay.ts';

/** How often the desk is asked while a client waits. */
const POLL_MS = 1_000;

/** A call whose client is kept waiting. */
type Waiting = Pick<Relay, 'exchange' | 'client' | 'late' | 'kit'>;

/**
 * The case of a call once it is decided; nothing when nobody decided in so many seconds, the client left or the door's deadline came. A
 * desk that cannot be read for a moment is asked again.
 */
export async function decisionOn(
  { exchange, client, late, kit }: Waiting,
  seconds: number,
): Promise<ReviewCase | undefined> {
  const { reviews } = kit.ports;
  if (!reviews) return undefined;
  const signal = AbortSignal.any([client, late]);
  const pollMs = kit.options.reviewPollMs ?? POLL_MS;
  const rounds = Math.ceil((seconds * 1000) / pollMs);
  for (let round = 0; round < rounds && !signal.aborted; round += 1) {
    await pause(pollMs, signal);
    const found = await reviews.get(exchange.reviewId ?? exchange.requestId).catch(() => undefined);
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
