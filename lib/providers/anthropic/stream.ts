import { isObject, type JsonObject } from '#core/json.ts';
import { type AnswerPart, chunkOf, deltaOf } from '../chat/answer.ts';
import { inStream } from '../failure.ts';
import { broken } from '../read-bytes.ts';
import { DONE, readFrames } from '../read-frames.ts';
import { callPart, finishOf, textPart } from './answer.ts';
import { anthropicUsage } from './usage.ts';

/** The events of a streamed message as OpenAI's chunks. Throws ProviderFailure when it ends before `message_stop`. */
export async function* toChunks(
  response: Response,
  idleMs: number,
  legacy: boolean,
): AsyncGenerator<JsonObject> {
  const message = new StreamedMessage();
  for await (const event of readFrames(response, idleMs)) {
    if (event === DONE) continue;
    // Overloaded, as a rule; before the first word another attempt may help.
    if (event['type'] === 'error') throw inStream(!message.begun);
    const parts = message.read(event);
    if (event['type'] === 'message_start') yield { ...chunkOf({ role: 'assistant' }), ...message.head };
    for (const part of parts) yield chunkOf(deltaOf(part, legacy));
    if (event['type'] === 'message_stop') {
      yield chunkOf({}, finishOf(message.stopReason, legacy));
      const usage = anthropicUsage(message.usage);
      if (usage) yield { choices: [], usage };
      return;
    }
  }
  throw broken('The provider’s stream broke off.');
}

/** What the events said so far. */
class StreamedMessage {
  begun = false;
  head: JsonObject = {};
  stopReason: string | undefined;
  usage: JsonObject = {};
  /** Content block → the place of its call, and whether arguments came. */
  readonly #calls = new Map<unknown, { index: number; filled: boolean }>();

  read(event: JsonObject): AnswerPart[] {
    const { type, index, message, delta, content_block } = event;
    if (type === 'message_start' && isObject(message)) this.#start(message);
    if (type === 'message_delta') this.#end(event);
    if (type === 'content_block_start' && isObject(content_block)) return this.#open(index, content_block);
    if (type === 'content_block_delta' && isObject(delta)) return this.#continue(index, delta);
    return type === 'content_block_stop' ? this.#close(index) : [];
  }

  #start({ model, usage }: JsonObject): void {
    this.begun = true;
    if (typeof model === 'string') this.head = { model };
    this.#count(usage);
  }

  #end({ delta, usage }: JsonObject): void {
    const reason = isObject(delta) ? delta['stop_reason'] : undefined;
    if (typeof reason === 'string') this.stopReason = reason;
    this.#count(usage);
  }

  /** Counts are running totals; what an event leaves null keeps its value. */
  #count(usage: unknown): void {
    if (!isObject(usage)) return;
    this.usage = {
      ...this.usage,
      ...Object.fromEntries(Object.entries(usage).filter(([, value]) => value !== null)),
    };
  }

  #open(place: unknown, block: JsonObject): AnswerPart[] {
    if (block['type'] !== 'tool_use') return textPart(block);
    const index = this.#calls.size;
    const { input } = block;
    const filled = isObject(input) && Object.keys(input).length > 0;
    this.#calls.set(place, { index, filled });
    const call = callPart(block, index);
    return filled ? [call, { kind: 'arguments', index, text: JSON.stringify(input) }] : [call];
  }

  #continue(place: unknown, delta: JsonObject): AnswerPart[] {
    const call = this.#calls.get(place);
    const { partial_json } = delta;
    if (!call || typeof partial_json !== 'string') return textPart(delta);
    if (partial_json === '') return [];
    call.filled = true;
    return [{ kind: 'arguments', index: call.index, text: partial_json }];
  }

  /** A call without arguments streams none; OpenAI's says `{}`. */
  #close(place: unknown): AnswerPart[] {
    const call = this.#calls.get(place);
    if (!call || call.filled) return [];
    return [{ kind: 'arguments', index: call.index, text: '{}' }];
  }
}
