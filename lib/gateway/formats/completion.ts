import type { JsonObject } from '#core/json.ts';
import { DONE_FRAME, dataFrame, errorFrame } from '#core/openai/sse.ts';
import { writeUsage } from '#core/openai/usage.ts';
import type { AnswerContext, FrameWriter, GuardedAnswer, TextFormat } from '../answer-format.ts';
import { type Part, textKind } from '../answer-parts.ts';
import type { Upstream } from '../upstream.ts';

/** `text_completion`, whole and as chunks of the same shape. Only the text is written: a completion has nothing else. */
export const completionFormat: TextFormat = {
  contentType: () => 'application/json',
  whole: (answer) => JSON.stringify(completion(answer)),
  own: (exchange, text, finishReason) =>
    JSON.stringify({
      ...head(exchange),
      choices: [choice(0, text, finishReason)],
      usage: writeUsage(exchange.usage),
    }),
  frames: (exchange) => new CompletionFrames(exchange),
};

function head(exchange: AnswerContext): JsonObject {
  return {
    id: `cmpl-${exchange.requestId}`,
    object: 'text_completion',
    created: Math.floor(exchange.startedAt / 1000),
    model: exchange.modelUsed ?? exchange.model,
  };
}

function choice(index: number, text: string, finishReason: string | null): JsonObject {
  return { index, text, logprobs: null, finish_reason: finishReason };
}

function completion({ exchange, upstream, choices }: GuardedAnswer): JsonObject {
  const indices = [...new Set([...choices.keys(), ...upstream.finish.keys(), 0])].sort((a, b) => a - b);
  return {
    ...head(exchange),
    choices: indices.map((index) =>
      choice(index, choices.get(index)?.text.get('content') ?? '', upstream.finish.get(index) ?? 'stop'),
    ),
    usage: writeUsage(exchange.usage),
  };
}

class CompletionFrames implements FrameWriter {
  readonly #exchange: AnswerContext;
  /** Choices of which text was sent. */
  readonly #started = new Set<number>();

  constructor(exchange: AnswerContext) {
    this.#exchange = exchange;
  }

  piece(part: Part): string {
    if (textKind(part) !== 'content') return '';
    this.#started.add(part.choice);
    return this.#chunk(part.choice, part.text, null);
  }

  /** A finish chunk per choice (the last with choices), usage, `[DONE]`. */
  end(upstream: Upstream): string {
    const choices = new Set([...this.#started, ...upstream.finish.keys(), 0]);
    const last = [...choices]
      .sort((a, b) => a - b)
      .map((index) => this.#chunk(index, '', upstream.finish.get(index) ?? 'stop'));
    return last.join('') + this.#usage() + DONE_FRAME;
  }

  own(text: string, finishReason: string): string {
    const shown = this.#started.size > 0 ? `\n\n${text}` : text;
    return this.#chunk(0, shown, null) + this.#chunk(0, '', finishReason) + this.#usage() + DONE_FRAME;
  }

  error(message: string): string {
    return errorFrame(message);
  }

  #chunk(index: number, text: string, finishReason: string | null): string {
    return dataFrame({ ...head(this.#exchange), choices: [choice(index, text, finishReason)] });
  }

  #usage(): string {
    return dataFrame({ ...head(this.#exchange), choices: [], usage: writeUsage(this.#exchange.usage) });
  }
}
