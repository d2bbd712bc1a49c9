import { KEEP_ALIVE } from '#core/openai/sse.ts';
import { isReleased } from '#core/review/case.ts';
import type { FrameWriter } from './answer-format.ts';
import { decisionOn } from './await-decision.ts';
import type { Ending } from './exchange.ts';
import { HEARTBEAT_MS, IDLE, resultOf, withHeartbeat } from './heartbeat.ts';
import { declinedNotice } from './held.ts';
import type { Judged, PendingRequest } from './hold-request.ts';
import { Refused } from './refusal.ts';
import { tooLate } from './relay.ts';
import {
  ABORTED,
  eventStream,
  failureEnding,
  failureFrame,
  noticeEnding,
  noticeFrame,
} from './stream-end.ts';

/** Reaches the provider and relays its answer. */
type Go = (judged: Judged) => Promise<Response>;

/**
 * Keeps the client of a held request waiting for the person; a request that is let through goes on to the provider. A stream is kept
 * alive meanwhile: from its first heartbeat on its status is 200, and whatever follows is a part of it.
 */
export async function afterReview(judged: Judged, review: PendingRequest, go: Go): Promise<Response> {
  const { exchange } = judged;
  const writer = exchange.stream ? exchange.modelRoute.format?.frames?.(exchange) : undefined;
  const goOn: Go = async (waiting) => {
    await letThrough(waiting, review);
    return go(waiting);
  };
  if (!writer || review.seconds === 0) return goOn(judged);

  return eventStream(exchange, framesAfter(judged, writer, goOn));
}

/** Resolves when a person let the request through; throws what the client is told instead. */
async function letThrough(judged: Judged, { seconds, pending }: PendingRequest): Promise<void> {
  const { client, late } = judged;
  if (seconds === 0) throw new Refused(pending);
  const decided = await decisionOn(judged, seconds);
  // Who has left gets nothing from a provider.
  if (!decided || client.aborted || late.aborted) throw new Refused(pending);
  if (!isReleased(decided)) throw new Refused(declinedNotice('input'));
}

type Frames = AsyncGenerator<string | Uint8Array, void, void>;

/** Throws only before the first frame. From then on it records the event itself, unless the answer's own relay does. */
async function* framesAfter(judged: Judged, writer: FrameWriter, goOn: Go): Frames {
  const { exchange, late, kit } = judged;
  const left = new AbortController();
  const client = AbortSignal.any([judged.client, left.signal]);
  const response = goOn({ ...judged, client });
  let begun = false;
  let ending: Ending | undefined = ABORTED;
  try {
    const pause = kit.options.heartbeatMs ?? HEARTBEAT_MS;
    for await (const item of withHeartbeat(resultOf(response), pause)) {
      if (item !== IDLE) continue;
      begun = true;
      exchange.firstByteAt ??= kit.ports.clock.now();
      yield KEEP_ALIVE;
    }
    const { body } = await response;
    ending = undefined;
    if (body) yield* body;
  } catch (thrown) {
    if (!begun) throw thrown;
    const error = late.aborted && !(thrown instanceof Refused) ? tooLate(thrown) : thrown;
    if (!client.aborted) {
      ending = endingOf(judged, error);
      yield lastFrame(judged, writer, error);
    }
  } finally {
    left.abort();
    if (begun && ending) await recordOrCancel(judged, response, ending);
  }
}

/** An answer that came when nobody read any more is given up, and its own relay records that; one event either way. */
async function recordOrCancel(
  { exchange, kit }: Judged,
  response: Promise<Response>,
  ending: Ending,
): Promise<void> {
  const unread = await response.catch(() => undefined);
  if (unread) await unread.body?.cancel();
  else await kit.record(exchange, ending);
}

function endingOf({ exchange }: Judged, thrown: unknown): Ending {
  return thrown instanceof Refused ? noticeEnding(thrown.notice) : failureEnding(exchange, thrown);
}

function lastFrame({ exchange }: Judged, writer: FrameWriter, thrown: unknown): string {
  if (thrown instanceof Refused) return noticeFrame(exchange, writer, thrown.notice);
  return failureFrame(exchange, writer, thrown);
}
