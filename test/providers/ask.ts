import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Key } from '#core/auth/key.ts';
import { isObject, type JsonObject } from '#core/json.ts';
import type { Target } from '#core/pack/pack.ts';
import type { Dialect, ProviderAnswer, ProviderCall } from '#providers/provider.ts';

const ROOT = join(import.meta.dirname, '../fixtures/wire');

/** A recorded answer of a provider, byte for byte. */
export function recorded(name: string): Uint8Array {
  return new Uint8Array(readFileSync(join(ROOT, name)));
}

export interface Sent {
  readonly url: string;
  readonly headers: Headers;
  readonly body: JsonObject;
}

export interface Reply {
  readonly status?: number;
  readonly type?: string;
  readonly headers?: Record<string, string>;
  /** The body, in the pieces in which it arrives. */
  readonly pieces: readonly Uint8Array[];
  /** The connection breaks after the last piece. */
  readonly cut?: boolean;
  /** Nothing more comes, and the connection stays open. */
  readonly open?: boolean;
}

export interface Question {
  readonly target: Partial<Target>;
  readonly body?: JsonObject;
  readonly stream?: boolean;
  readonly call?: Partial<ProviderCall>;
}

export function targetOf(more: Partial<Target>): Target {
  return {
    id: 't',
    provider: 'openai',
    vendor: 'openai',
    model: 'm',
    provider_model: 'm',
    base_url: 'https://provider.example/v1',
    secret: { env: 'KEY' },
    timeout_ms: 5000,
    idle_timeout_ms: 5000,
    max_attempts: 2,
    ...more,
  };
}

/** Asks a dialect whose provider answers with the given reply; says what it was sent. */
export async function ask(
  dialect: Dialect,
  question: Question,
  reply: Reply,
): Promise<{ sent: Sent; answer: ProviderAnswer }> {
  const target = targetOf(question.target);
  let sent: Sent | undefined;
  const answer = await dialect({
    fetch: async (url, init) => {
      const headers = new Headers(init.headers);
      sent = { url, headers, body: JSON.parse(String(init.body)) as JsonObject };
      return responseOf(reply);
    },
    target,
    baseUrl: target.base_url,
    operation: 'chat',
    key: new Key('secret-key'),
    body: question.body ?? { messages: [{ role: 'user', content: 'hello' }] },
    stream: question.stream ?? false,
    requestId: 'req_1',
    signal: new AbortController().signal,
    ...question.call,
  });
  if (!sent) throw new Error('nothing was sent');
  return { sent, answer };
}

export function json(value: unknown, more: Partial<Reply> = {}): Reply {
  return { type: 'application/json', pieces: [new TextEncoder().encode(JSON.stringify(value))], ...more };
}

function responseOf({
  status = 200,
  type = 'application/json',
  headers,
  pieces,
  cut,
  open,
}: Reply): Response {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const piece of pieces) controller.enqueue(piece);
      if (cut) controller.error(new Error('connection reset'));
      else if (!open) controller.close();
    },
  });
  return new Response(body, { status, headers: { 'content-type': type, ...headers } });
}

export async function chunksOf(answer: ProviderAnswer): Promise<JsonObject[]> {
  if (answer.kind !== 'stream') throw new Error('not a stream');
  const chunks: JsonObject[] = [];
  for await (const chunk of answer.chunks) chunks.push(chunk);
  return chunks;
}

/** What a client makes of the chunks: one message, its finish reason and the usage. */
export function messageOf(chunks: readonly JsonObject[]): JsonObject {
  const message: JsonObject = {};
  const calls: { id: string; name: string; arguments: string }[] = [];
  let finish: JsonObject[string] = null;
  let usage: JsonObject[string] = null;
  for (const chunk of chunks) {
    if (isObject(chunk['usage'])) usage = chunk['usage'];
    const [choice] = Array.isArray(chunk['choices']) ? chunk['choices'] : [];
    if (!isObject(choice)) continue;
    if (choice['finish_reason']) finish = choice['finish_reason'];
    const delta = isObject(choice['delta']) ? choice['delta'] : {};
    for (const [key, value] of Object.entries(delta)) {
      if (key !== 'role' && typeof value === 'string') message[key] = `${message[key] ?? ''}${value}`;
    }
    for (const call of Array.isArray(delta['tool_calls']) ? delta['tool_calls'] : []) {
      if (!isObject(call) || !isObject(call['function'])) continue;
      const at = Number(call['index']);
      calls[at] ??= { id: '', name: '', arguments: '' };
      calls[at].id ||= String(call['id'] ?? '');
      calls[at].name += String(call['function']['name'] ?? '');
      calls[at].arguments += String(call['function']['arguments'] ?? '');
    }
  }
  return { ...message, ...(calls.length > 0 ? { calls } : {}), finish, usage };
}
