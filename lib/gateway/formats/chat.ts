import type { JsonObject } from '#core/json.ts';
import { DONE_FRAME, dataFrame, errorFrame } from '#core/openai/sse.ts';
import { writeUsage } from '#core/openai/usage.ts';
import type { AnswerContext, FrameWriter, GuardedAnswer, TextFormat } from '../answer-format.ts';
import { type Assembled, assemble, callsOnWire, type Part, textKind } from '../answer-parts.ts';
import type { Released } from '../beside.ts';
import type { Upstream } from '../upstream.ts';

/** `chat.completion` and `chat.completion.chunk`, as Dify and the openai clients read them. */
export const chatFormat: TextFormat = {
  contentType: () => 'application/json',
  whole: (answer) => JSON.stringify(completion(answer)),
  own: (exchange, text, finishReason) => JSON.stringify(ownCompletion(exchange, text, finishReason)),
  frames: (exchange) => new ChatFrames(exchange),
};

/** What every answer and chunk of one exchange starts with. */
function head(exchange: AnswerContext, object: 'chat.completion' | 'chat.completion.chunk'): JsonObject {
  return {
    id: `chatcmpl-${exchange.requestId}`,
    object,
    created: Math.floor(exchange.startedAt / 1000),
    model: exchange.modelUsed ?? exchange.model,
    ...exchange.servedAs,
  };
}

function completion({ exchange, upstream, choices, beside }: GuardedAnswer): JsonObject {
  const indices = [...new Set([...choices.keys(), ...upstream.finish.keys(), 0])].sort((a, b) => a - b);
  return {
    ...head(exchange, 'chat.completion'),
    choices: indices.map((index) => choiceOnWire(index, choices.get(index), upstream, beside.get(index))),
    usage: writeUsage(exchange.usage),
  };
}

function choiceOnWire(
  index: number,
  assembled: Assembled | undefined,
  upstream: Upstream,
  beside: Released = {},
): JsonObject {
  const text = assembled?.text;
  const reasoning = text?.get('reasoning');
  const calls = assembled ? callsOnWire(index, assembled, upstream.ids) : {};
  const transcript = text?.get('transcript');
  const silent = 'tool_calls' in calls || 'function_call' in calls || beside.audio !== undefined;
  // What was to be spoken is read where it may not be heard.
  const content = text?.get('content') ?? (silent ? null : (transcript ?? ''));
  return {
    index,
    message: {
      role: 'assistant',
      content,
      ...(reasoning === undefined ? {} : { reasoning_content: reasoning }),
      refusal: text?.get('refusal') ?? null,
      ...calls,
      ...(beside.annotations ? { annotations: [...beside.annotations] } : {}),
      ...(beside.audio ? { audio: { ...beside.audio, transcript: transcript ?? '' } } : {}),
    },
    logprobs: beside.logprobs ? { content: [...beside.logprobs], refusal: null } : null,
    finish_reason: upstream.finish.get(index) ?? 'stop',
  };
}

function ownCompletion(exchange: AnswerContext, text: string, finishReason: string): JsonObject {
  const message = { role: 'assistant', content: text, refusal: null };
  return {
    ...head(exchange, 'chat.completion'),
    choices: [{ index: 0, message, logprobs: null, finish_reason: finishReason }],
    usage: writeUsage(exchange.usage),
  };
}

class ChatFrames implements FrameWriter {
  readonly #exchange: AnswerContext;
  /** Choices whose role chunk was sent. */
  readonly #started = new Set<number>();
  /** Tool calls go out complete, at the end: Dify shows them no sooner, and they are guarded as JSON. */
  readonly #calls: Part[] = [];

  constructor(exchange: AnswerContext) {
    this.#exchange = exchange;
  }

  piece(part: Part): string {
    const { choice, text } = part;
    const kind = textKind(part);
    if (kind === undefined) {
      this.#calls.push(part);
      return '';
    }
    if (kind === 'transcript')
      return this.#role(choice) + this.#chunk(choice, { audio: { transcript: text } });
    return (
      this.#role(choice) + this.#chunk(choice, { [kind === 'reasoning' ? 'reasoning_content' : kind]: text })
    );
  }

  /** What stands beside the text, tool calls one after the other, a finish chunk per choice (the last with choices), usage, `[DONE]`. */
  end(upstream: Upstream, beside: ReadonlyMap<number, Released>): string {
    const calls = assemble(this.#calls);
    const choices = new Set([...this.#started, ...calls.keys(), ...upstream.finish.keys(), 0]);
    let frames = '';
    for (const choice of [...choices].sort((a, b) => a - b)) {
      frames += this.#role(choice) + this.#besideFrames(choice, beside.get(choice));
      frames += this.#callFrames(choice, calls.get(choice), upstream);
      frames += this.#chunk(choice, {}, upstream.finish.get(choice) ?? 'stop');
    }
    return frames + this.#usage() + DONE_FRAME;
  }

  own(text: string, finishReason: string): string {
    const shown = this.#started.size > 0 ? `\n\n${text}` : text;
    return [
      this.#role(0),
      this.#chunk(0, { content: shown }),
      this.#chunk(0, {}, finishReason),
      this.#usage(),
      DONE_FRAME,
    ].join('');
  }

  error(message: string): string {
    return errorFrame(message);
  }

  #role(choice: number): string {
    if (this.#started.has(choice)) return '';
    this.#started.add(choice);
    return this.#chunk(choice, { role: 'assistant', content: '' });
  }

  #callFrames(choice: number, assembled: Assembled | undefined, { ids }: Upstream): string {
    if (!assembled) return '';
    const { tool_calls, function_call } = callsOnWire(choice, assembled, ids);
    const calls = Array.isArray(tool_calls) ? tool_calls : [];
    const frames = calls.map((call) => this.#chunk(choice, { tool_calls: [call] }));
    if (function_call) frames.push(this.#chunk(choice, { function_call }));
    return frames.join('');
  }

  #besideFrames(choice: number, { annotations, audio, logprobs }: Released = {}): string {
    return [
      annotations ? this.#chunk(choice, { annotations: [...annotations] }) : '',
      audio ? this.#chunk(choice, { audio }) : '',
      logprobs ? this.#chunk(choice, {}, null, { logprobs: { content: [...logprobs], refusal: null } }) : '',
    ].join('');
  }

  #chunk(
    index: number,
    delta: JsonObject,
    finishReason: string | null = null,
    more: JsonObject = {},
  ): string {
    const choices = [{ index, delta, ...more, finish_reason: finishReason }];
    return dataFrame({ ...head(this.#exchange, 'chat.completion.chunk'), choices });
  }

  #usage(): string {
    const usage = writeUsage(this.#exchange.usage);
    return dataFrame({ ...head(this.#exchange, 'chat.completion.chunk'), choices: [], usage });
  }
}
