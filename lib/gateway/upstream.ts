import { addUsage, NO_USAGE, type Usage } from '#core/cost/usage.ts';
import { isObject, type JsonObject } from '#core/json.ts';
import { readUsage } from '#core/openai/usage.ts';
import { choiceIndex, type Part, partsOf, type ToolIds } from './answer-parts.ts';
import { type BesideAll, noteBeside, wantedBeside } from './beside.ts';

/** What was learnt from the provider's answer so far. */
export interface Upstream {
  readonly ids: ToolIds;
  /** Choice → why it ended. */
  readonly finish: Map<number, string>;
  /** Of an earlier answer to the same call; both are paid for. */
  readonly earlier: Usage;
  /** Something of it came. */
  begun: boolean;
  usageSeen: boolean;
  /** Field → its text as the provider sent it. */
  readonly said: Map<string, string>;
  readonly beside: BesideAll;
  /** All text of the answer, to estimate usage where the provider gives none. */
  produced: string;
}

export function createUpstream(earlier: Usage = NO_USAGE): Upstream {
  return {
    ids: new Map(),
    finish: new Map(),
    earlier,
    begun: false,
    usageSeen: false,
    said: new Map(),
    beside: new Map(),
    produced: '',
  };
}

/** What an answer tells about its call. */
interface Learned {
  readonly body: JsonObject;
  modelUsed: string | undefined;
  usage: Usage;
  readonly servedAs: JsonObject;
}

/** Words of the wire that go out as they came. */
const SERVED_AS = {
  service_tier: /^(auto|default|flex|priority|scale|standard|batch|on_demand|performance)$/,
  system_fingerprint: /^fp_[0-9a-f]{4,32}$/,
};

const REASON = /^[a-z_]{1,32}$/;
const MODEL = /^[A-Za-z0-9._:/@ ()-]{1,128}$/;

/** Notes model, usage and finish reasons of an answer or chunk and returns its guarded fields in order. */
export function readUpstream(exchange: Learned, upstream: Upstream, body: JsonObject): Part[] {
  const { model, choices, usage } = body;
  upstream.begun = true;
  if (typeof model === 'string' && MODEL.test(model)) exchange.modelUsed = model;
  const counted = readUsage(usage);
  if (counted) {
    exchange.usage = addUsage(upstream.earlier, counted);
    upstream.usageSeen = true;
  }
  Object.assign(exchange.servedAs, servedAs(body));
  const wanted = wantedBeside(exchange.body);
  const parts: Part[] = [];
  for (const [position, choice] of (Array.isArray(choices) ? choices : []).entries()) {
    if (!isObject(choice)) continue;
    const index = choiceIndex(choice, position);
    if (index === undefined) continue;
    const reason = choice['finish_reason'];
    if (typeof reason === 'string' && REASON.test(reason)) upstream.finish.set(index, reason);
    const { audio, ...read } = fieldsOf(choice);
    const fields = wanted.audio && audio !== undefined ? { ...read, audio } : read;
    parts.push(...partsOf(index, fields, upstream.ids));
    noteBeside(upstream.beside, index, choice, fields, wanted);
  }
  for (const part of parts) {
    upstream.produced += part.text;
    upstream.said.set(placeOf(part), (upstream.said.get(placeOf(part)) ?? '') + part.text);
  }
  return parts;
}

/** Where the text of a choice stands: in a chunk's delta, an answer's message, or a completion's own text. */
function fieldsOf({ delta, message, text }: JsonObject): JsonObject {
  if (isObject(delta)) return delta;
  if (isObject(message)) return message;
  return text === undefined ? {} : { content: text };
}

function servedAs(body: JsonObject): JsonObject {
  const shaped = Object.entries(SERVED_AS).map(([name, shape]) => {
    const value = body[name];
    return typeof value === 'string' && shape.test(value) ? { [name]: value } : {};
  });
  return Object.assign({}, ...shaped) as JsonObject;
}

/** The name of one field of an answer. */
export function placeOf({ choice, kind, index }: Omit<Part, 'text'>): string {
  return `${choice}/${kind}/${index}`;
}
