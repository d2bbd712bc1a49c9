import type { JsonObject } from '#core/json.ts';
import { KEEP_ALIVE } from '#core/openai/sse.ts';
import type { FrameWriter, TextFormat } from './answer-format.ts';
import type { Part } from './answer-parts.ts';
import type { Served } from './call-provider.ts';
import type { Ending } from './exchange.ts';
import { closeAnswer, detailOf, observeAnswer, onlyText, settleUsage } from './guard-output.ts';
import { HEARTBEAT_MS, IDLE, resultOf, withHeartbeat } from './heartbeat.ts';
import { type Notice, Refused } from './refusal.ts';
import { type Relay, tooLate } from './relay.ts';
import { releaseBeside } from './release-beside.ts';
import {
  ABORTED,
  eventStream,
  failureEnding,
  failureFrame,
  noticeEnding,
  noticeFrame,
} from './stream-end.ts';
import {
  askAgain,
  chooseTake,
  type FinishedTake,
  finishTake,
  mayAskAgain,
  openTake,
  type Take,
} from './take.ts';
import { readUpstream } from './upstream.ts';

/**
 * Guards a streamed answer. Waits for the first thing that can be sent, so that everything that fails before it still gets a
 * status of its own; after that the body never errors.
 */
export async function relayStream(relay: Relay, format: TextFormat): Promise<Response> {
  return eventStream(relay.exchange, new StreamRelay(relay, format.frames(relay.exchange)).frames());
}

class StreamRelay {
  readonly #relay: Relay;
  readonly #writer: FrameWriter;
  /** The answer being read, and later the one that was chosen. */
  #take: Take;
  #begun = false;
  #lastSent: number;

  constructor(relay: Relay, writer: FrameWriter) {
    this.#relay = relay;
    this.#writer = writer;
    this.#take = openTake(relay);
    this.#lastSent = relay.kit.ports.clock.now();
  }

  /** The frames of the body. Throws only before the first one; from then on it records the event itself, however it ends. */
  async *frames(): AsyncGenerator<string, void, void> {
    let ending = ABORTED;
    try {
      const answer = this.#answer();
      for (let step = await answer.next(); ; step = await answer.next()) {
        if (step.done) {
          ending = step.value;
          return;
        }
        this.#noteSent();
        yield step.value;
      }
    } catch (thrown) {
      const error = this.#relay.late.aborted ? tooLate(thrown) : thrown;
      if (!this.#begun) throw error;
      ending = this.#failure(error);
      if (ending !== ABORTED) yield failureFrame(this.#relay.exchange, this.#writer, error);
    } finally {
      this.#relay.stop.abort();
      settleUsage(this.#relay, this.#take.upstream);
      if (this.#begun) await this.#relay.kit.record(this.#relay.exchange, ending);
    }
  }

  async *#answer(): AsyncGenerator<string, Ending, void> {
    const relay = this.#relay;
    yield* this.#read(chunksOf(relay.served));
    const first = yield* this.#alive(finishTake(relay, this.#take));
    const take = mayAskAgain(relay, first) ? yield* this.#second(first) : first;
    const closed = yield* this.#alive(closeAnswer(relay, take));
    if (closed.notice) return yield* this.#stopWith(closed.notice);
    const upstream = closed.reviewed ? onlyText(take.upstream) : take.upstream;
    const beside = closed.reviewed ? new Map() : releaseBeside(relay, take);
    yield this.#pieces(closed.released) + this.#writer.end(upstream, beside);
    await observeAnswer(relay, take.guard);
    const finishReason = upstream.finish.get(0) ?? 'stop';
    return { type: 'request.completed', status: 200, complete: true, finishReason, ...detailOf(closed) };
  }

  /** Reads the answer through its guard to the end, or until it is blocked. */
  async *#read(chunks: AsyncIterable<JsonObject>): AsyncGenerator<string, void, void> {
    const { exchange, kit } = this.#relay;
    const pause = kit.options.heartbeatMs ?? HEARTBEAT_MS;
    for await (const item of withHeartbeat(chunks, pause)) {
      if (item !== IDLE) {
        for (const part of readUpstream(exchange, this.#take.upstream, item)) {
          const step = this.#take.guard.push(part);
          const frames = this.#pieces(step.released);
          if (frames !== '') yield frames;
          if (step.blocked) return;
        }
      }
      // Also while chunks arrive and all of their text is held back.
      if (kit.ports.clock.now() - this.#lastSent >= pause) yield KEEP_ALIVE;
    }
  }

  /** Heartbeats while somebody elsewhere has the answer. */
  async *#alive<T>(work: Promise<T>): AsyncGenerator<string, T, void> {
    const pause = this.#relay.kit.options.heartbeatMs ?? HEARTBEAT_MS;
    for await (const item of withHeartbeat(resultOf(work), pause)) if (item === IDLE) yield KEEP_ALIVE;
    return work;
  }

  /** Asks once more. Nothing of the first answer was sent, so it is still there when that fails. */
  async *#second(first: FinishedTake): AsyncGenerator<string, FinishedTake, void> {
    const relay = this.#relay;
    this.#take = openTake(relay, relay.exchange.usage);
    try {
      yield* this.#read(chunksAgain(relay));
    } catch (error) {
      if (relay.client.aborted) throw error;
      settleUsage(relay, this.#take.upstream);
      return first;
    }
    return chooseTake(relay, first, yield* this.#alive(finishTake(relay, this.#take)));
  }

  /** Ends the answer with our own words: after what was already sent, or instead of it. */
  async *#stopWith(notice: Notice): AsyncGenerator<string, Ending, void> {
    const { exchange, stop } = this.#relay;
    stop.abort();
    if (!this.#begun) throw new Refused(notice);
    yield noticeFrame(exchange, this.#writer, notice);
    return noticeEnding(notice);
  }

  #pieces(parts: readonly Part[]): string {
    let frames = '';
    for (const part of parts) {
      frames += this.#writer.piece(part);
      if (!part.kind.startsWith('tool-')) this.#relay.exchange.charsOut += part.text.length;
    }
    return frames;
  }

  #noteSent(): void {
    this.#begun = true;
    this.#lastSent = this.#relay.kit.ports.clock.now();
    this.#relay.exchange.firstByteAt ??= this.#lastSent;
  }

  #failure(error: unknown): Ending {
    return this.#relay.client.aborted ? ABORTED : failureEnding(this.#relay.exchange, error);
  }
}

function chunksOf({ answer }: Served): AsyncIterable<JsonObject> {
  if (answer.kind !== 'stream') throw new Error('a stream was asked for');
  return answer.chunks;
}

/** Asks when the first chunk is wanted, so that heartbeats go out while the provider thinks. */
async function* chunksAgain(relay: Relay): AsyncGenerator<JsonObject, void, void> {
  yield* chunksOf(await askAgain(relay));
}
