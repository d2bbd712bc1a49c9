import type { JsonObject } from '#core/json.ts';
import { eventFrame } from '#core/openai/sse.ts';
import type { AnswerContext, FrameWriter } from '../answer-format.ts';
import { type TextKind as AnyText, assemble, type Part, textKind } from '../answer-parts.ts';
import type { Upstream } from '../upstream.ts';
import { callsOf } from './response-calls.ts';
import {
  callItem,
  endOf,
  messageItem,
  reasoningItem,
  response,
  summaryPart,
  textPart,
} from './response-items.ts';

type TextKind = Exclude<AnyText, 'transcript'>;

/** A text that grows: its item, and its place among the parts of it. */
interface Growing {
  readonly kind: TextKind;
  readonly item: number;
  readonly part: number;
  text: string;
}

/**
 * The typed events of one streamed response: items are opened when their first text comes and closed together at the end, calls of
 * tools go out complete behind them.
 */
export class ResponseFrames implements FrameWriter {
  readonly #exchange: AnswerContext;
  readonly #texts = new Map<TextKind, Growing>();
  readonly #calls: Part[] = [];
  /** Items that were opened: the kind of text they began with. */
  readonly #items: ('reasoning' | 'message')[] = [];
  #sequence = 0;

  constructor(exchange: AnswerContext) {
    this.#exchange = exchange;
  }

  piece(part: Part): string {
    if (part.choice !== 0) return '';
    const kind = textKind(part);
    if (kind === undefined) this.#calls.push(part);
    // Sound cannot be asked for on this route.
    if (kind === undefined || kind === 'transcript') return '';
    return this.#start() + this.#grow(kind, part.text);
  }

  end(upstream: Upstream): string {
    const assembled = assemble(this.#calls).get(0);
    const calls = assembled ? callsOf(assembled, upstream.ids) : [];
    return this.#finish(calls, upstream.finish.get(0) ?? 'stop');
  }

  own(text: string, finishReason: string): string {
    const shown = this.#texts.has('content') ? `\n\n${text}` : text;
    return this.#start() + this.#grow('content', shown) + this.#finish([], finishReason);
  }

  error(message: string): string {
    return this.#event('error', { code: 'server_error', message, param: null });
  }

  #start(): string {
    if (this.#sequence > 0) return '';
    const begun = response(this.#exchange, []);
    return (
      this.#event('response.created', { response: begun }) +
      this.#event('response.in_progress', { response: begun })
    );
  }

  #grow(kind: TextKind, delta: string): string {
    const known = this.#texts.get(kind);
    const growing = known ?? this.#open(kind);
    const frames = known ? '' : this.#opening(growing);
    growing.text += delta;
    return frames + this.#event(`response.${EVENT[kind]}.delta`, { ...this.#place(growing), delta });
  }

  #open(kind: TextKind): Growing {
    const owner = kind === 'reasoning' ? 'reasoning' : 'message';
    const known = this.#items.indexOf(owner);
    const item = known < 0 ? this.#items.push(owner) - 1 : known;
    const part = [...this.#texts.values()].filter((text) => text.item === item).length;
    const growing = { kind, item, part, text: '' };
    this.#texts.set(kind, growing);
    return growing;
  }

  #opening({ kind, item, part }: Growing): string {
    const id = this.#id(item);
    const empty = kind === 'reasoning' ? reasoningItem(id, '') : messageItem(id, [], 'in_progress');
    const added =
      part > 0 ? '' : this.#event('response.output_item.added', { output_index: item, item: empty });
    return added + this.#part('added', { kind, item, part, text: '' });
  }

  #finish(calls: readonly JsonObject[], finishReason: string): string {
    const { status } = endOf(finishReason);
    let frames = this.#start();
    for (const growing of this.#texts.values()) frames += this.#closing(growing);
    const items = this.#items.map((_, item) => this.#item(item, finishReason));
    for (const [item, value] of items.entries()) frames += this.#done(item, value);
    const called = calls.map((call, n) => callItem(`fc_${this.#exchange.requestId}_${n}`, call, 'completed'));
    for (const [n, item] of called.entries()) frames += this.#call(items.length + n, item);
    const whole = response(this.#exchange, [...items, ...called], finishReason);
    return frames + this.#event(`response.${status}`, { response: whole });
  }

  #closing(growing: Growing): string {
    const { kind, text } = growing;
    const said = kind === 'refusal' ? { refusal: text } : { text };
    return (
      this.#event(`response.${EVENT[kind]}.done`, { ...this.#place(growing), ...said }) +
      this.#part('done', growing)
    );
  }

  #part(state: 'added' | 'done', growing: Growing): string {
    const { kind, text } = growing;
    const reasoning = kind === 'reasoning';
    const part = reasoning ? summaryPart(text) : textPart(kind, text);
    const type = reasoning ? 'reasoning_summary_part' : 'content_part';
    const { logprobs: _, ...place } = this.#place(growing);
    return this.#event(`response.${type}.${state}`, { ...place, part });
  }

  #item(item: number, finishReason: string): JsonObject {
    const texts = [...this.#texts.values()].filter((growing) => growing.item === item);
    const [first] = texts;
    if (first?.kind === 'reasoning') return reasoningItem(this.#id(item), first.text);
    const content = texts.flatMap(({ kind, text }) => (kind === 'reasoning' ? [] : [textPart(kind, text)]));
    return messageItem(this.#id(item), content, endOf(finishReason).status);
  }

  #call(index: number, item: JsonObject): string {
    const { id: item_id = null, arguments: args = '', name = '' } = item;
    const place = { item_id, output_index: index };
    const empty = { ...item, arguments: '', status: 'in_progress' };
    return (
      this.#event('response.output_item.added', { output_index: index, item: empty }) +
      this.#event('response.function_call_arguments.delta', { ...place, delta: args }) +
      this.#event('response.function_call_arguments.done', { ...place, name, arguments: args }) +
      this.#done(index, item)
    );
  }

  #done(index: number, item: JsonObject): string {
    return this.#event('response.output_item.done', { output_index: index, item });
  }

  #place({ kind, item, part }: Growing): JsonObject {
    const place = { item_id: this.#id(item), output_index: item };
    if (kind === 'reasoning') return { ...place, summary_index: part };
    return { ...place, content_index: part, ...(kind === 'content' ? { logprobs: [] } : {}) };
  }

  #id(item: number): string {
    return `${this.#items[item] === 'reasoning' ? 'rs' : 'msg'}_${this.#exchange.requestId}`;
  }

  #event(type: string, fields: JsonObject): string {
    const frame = eventFrame({ type, ...fields, sequence_number: this.#sequence });
    this.#sequence += 1;
    return frame;
  }
}

const EVENT: Readonly<Record<TextKind, string>> = {
  reasoning: 'reasoning_summary_text',
  content: 'output_text',
  refusal: 'refusal',
};
