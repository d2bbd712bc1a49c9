import { isObject, type Json, type JsonObject } from '#core/json.ts';
import type { FieldKind } from '#core/policy/policy.ts';

/** A piece of one field of an answer. `index` is the tool call's place, 0 for the other fields. */
export interface Part {
  readonly choice: number;
  readonly kind: FieldKind;
  readonly index: number;
  readonly text: string;
}

/** The place of what is said aloud among the contents of a choice. */
export const SPOKEN = 1;
/** The place of a legacy `function_call` among the tool calls. */
const LEGACY_CALL = 10_000;
/** Most choices and tool calls of one answer that are relayed. */
const MAX_PLACES = 128;
const TOOL_ID = /^[A-Za-z0-9_.:-]{1,128}$/;

/** Ids of tool calls, kept beside the guarded text: `choice:index` → id. */
export type ToolIds = Map<string, string>;

/**
 * The guarded fields of a message or delta. Default deny: what is not listed here (log probabilities, annotations, unknown
 * extensions) repeats text past the guard and is not relayed.
 */
export function partsOf(choice: number, fields: JsonObject, ids: ToolIds): Part[] {
  const parts: Part[] = [];
  const add = (kind: FieldKind, text: Json | undefined, index = 0) => {
    if (typeof text === 'string' && text !== '') parts.push({ choice, kind, index, text });
  };
  add('reasoning', fields['reasoning_content'] ?? fields['reasoning']);
  add('content', contentText(fields['content']));
  const { audio } = fields;
  if (isObject(audio)) add('content', audio['transcript'], SPOKEN);
  add('refusal', fields['refusal']);
  const calls = Array.isArray(fields['tool_calls']) ? fields['tool_calls'] : [];
  for (const [position, call] of calls.entries()) addCall(choice, call, position, ids, add);
  const legacy = fields['function_call'];
  if (isObject(legacy)) {
    add('tool-name', legacy['name'], LEGACY_CALL);
    add('tool-arguments', legacy['arguments'], LEGACY_CALL);
  }
  return parts;
}

type Add = (kind: FieldKind, text: Json | undefined, index?: number) => void;

function addCall(choice: number, call: Json, position: number, ids: ToolIds, add: Add): void {
  if (!isObject(call)) return;
  const index = typeof call['index'] === 'number' ? call['index'] : position;
  if (!Number.isSafeInteger(index) || index < 0 || index >= MAX_PLACES) return;
  const id = call['id'];
  if (typeof id === 'string' && TOOL_ID.test(id)) ids.set(`${choice}:${index}`, id);
  const { function: fn } = call;
  if (!isObject(fn)) return;
  add('tool-name', fn['name'], index);
  add('tool-arguments', fn['arguments'], index);
}

/** Content is a string; some servers send a list of text parts. */
function contentText(content: Json | undefined): Json | undefined {
  if (!Array.isArray(content)) return content;
  return content
    .map((part) => (isObject(part) && typeof part['text'] === 'string' ? part['text'] : ''))
    .join('');
}

/** The index of a choice, or undefined when it makes no sense. */
export function choiceIndex(choice: JsonObject, position: number): number | undefined {
  const index = typeof choice['index'] === 'number' ? choice['index'] : position;
  return Number.isSafeInteger(index) && index >= 0 && index < MAX_PLACES ? index : undefined;
}

/** Places of text. `transcript` is what is said aloud. */
export type TextKind = 'content' | 'transcript' | 'reasoning' | 'refusal';

/** Where a piece belongs; undefined for a tool call's. */
export function textKind({ kind, index }: Part): TextKind | undefined {
  if (kind === 'tool-name' || kind === 'tool-arguments') return undefined;
  return kind === 'content' && index === SPOKEN ? 'transcript' : kind;
}

/** Released pieces put together again: text per field, tool calls per index. */
export interface Assembled {
  readonly text: Map<TextKind, string>;
  readonly calls: Map<number, { name: string; arguments: string }>;
}

export function assemble(parts: Iterable<Part>): Map<number, Assembled> {
  const choices = new Map<number, Assembled>();
  for (const part of parts) {
    const choice = choices.get(part.choice) ?? { text: new Map(), calls: new Map() };
    choices.set(part.choice, choice);
    const kind = textKind(part);
    if (kind === undefined) {
      const call = choice.calls.get(part.index) ?? { name: '', arguments: '' };
      choice.calls.set(part.index, call);
      call[part.kind === 'tool-name' ? 'name' : 'arguments'] += part.text;
    } else {
      choice.text.set(kind, (choice.text.get(kind) ?? '') + part.text);
    }
  }
  return choices;
}

/** `tool_calls` and `function_call` of a choice on the wire. Every call carries its id: Dify merges deltas by it. */
export function callsOnWire(choice: number, assembled: Assembled, ids: ToolIds): JsonObject {
  const wire: JsonObject = {};
  const calls = [...assembled.calls].filter(([index]) => index !== LEGACY_CALL).sort(([a], [b]) => a - b);
  if (calls.length > 0) {
    wire['tool_calls'] = calls.map(([index, call]) => ({
      index,
      id: ids.get(`${choice}:${index}`) ?? `call_${choice}_${index}`,
      type: 'function',
      function: { name: call.name, arguments: call.arguments },
    }));
  }
  const legacy = assembled.calls.get(LEGACY_CALL);
  if (legacy) wire['function_call'] = { name: legacy.name, arguments: legacy.arguments };
  return wire;
}
