import type { Usage } from '#core/cost/usage.ts';
import type { JsonObject } from '#core/json.ts';
import type { Assembled, Part } from './answer-parts.ts';
import type { Released } from './beside.ts';
import type { Upstream } from './upstream.ts';

/** What a format is told of its exchange. */
export interface AnswerContext {
  readonly requestId: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  /** The request as the client sent it. */
  readonly asked: JsonObject;
  readonly model: string;
  readonly modelUsed: string | undefined;
  readonly servedAs: JsonObject;
  readonly usage: Usage;
}

/** An answer that passed the output guard, put together again. */
export interface GuardedAnswer {
  readonly exchange: AnswerContext;
  readonly upstream: Upstream;
  readonly choices: ReadonlyMap<number, Assembled>;
  readonly beside: ReadonlyMap<number, Released>;
}

/** How one route writes text of ours. */
export interface AnswerFormat {
  /** Of a whole answer's body. */
  contentType(exchange: AnswerContext): string;
  /** The body of a whole answer with our own text. */
  own(exchange: AnswerContext, text: string, finishReason: string): string;
  /** The frames of one stream, in order; absent where answers do not stream. */
  frames?(exchange: AnswerContext): FrameWriter;
}

/** … and what was guarded. */
export interface WholeFormat extends AnswerFormat {
  /** The body of a whole answer. */
  whole(answer: GuardedAnswer): string;
}

export interface TextFormat extends WholeFormat {
  frames(exchange: AnswerContext): FrameWriter;
}

/** Writes one stream, frame by frame. What was guarded goes in, in the order of its field. */
export interface FrameWriter {
  piece(part: Part): string;
  /** Everything that comes after the last piece. */
  end(upstream: Upstream, beside: ReadonlyMap<number, Released>): string;
  /** Ends the answer with our own text, after what was already sent or instead of it. */
  own(text: string, finishReason: string): string;
  /** Ends an answer that failed. */
  error(message: string): string;
}
