import { isObject, type Json, type JsonObject } from '#core/json.ts';
import { ProviderFailure } from './failure.ts';
import type { Attachment, Operation, ProviderAnswer, ProviderCall } from './provider.ts';
import { readBytes } from './read-bytes.ts';
import { readChunks } from './read-chunks.ts';
import { readWhole } from './read-whole.ts';
import { refused } from './refused.ts';
import { send } from './send.ts';

/** Where and how a server that speaks OpenAI's routes is asked. */
export interface OpenaiServer {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly model: string;
  /** Knows `stream_options`. */
  readonly usageInStreams: boolean;
}

/** Asks a server that speaks OpenAI's routes. */
export async function askOpenai(call: ProviderCall, server: OpenaiServer): Promise<ProviderAnswer> {
  const { url, headers } = server;
  const body = wireBody(call, server);
  const response = await send(call, {
    url,
    headers,
    body: call.attachment ? form(body, call.attachment) : JSON.stringify(body),
  });
  if (!response.ok) throw await refused(response);
  return { ...(await readAnswer(call, response)), ...requestId(response.headers) };
}

/** Azure calls it `apim-request-id`. */
function requestId(headers: Headers): { requestId?: string } {
  const id = headers.get('x-request-id') ?? headers.get('apim-request-id');
  return id ? { requestId: id.slice(0, 128) } : {};
}

async function readAnswer(call: ProviderCall, response: Response): Promise<ProviderAnswer> {
  const contentType = response.headers.get('content-type') ?? '';
  const idleMs = call.target.idle_timeout_ms;
  if (call.operation === 'speech') return { kind: 'bytes', contentType, bytes: readBytes(response, idleMs) };
  if (call.stream && contentType.includes('text/event-stream')) {
    return { kind: 'stream', chunks: withUsage(readChunks(response, idleMs)) };
  }
  const body = await readWhole(response, idleMs);
  if (isCompletion(call.operation) && !Array.isArray(body['choices'])) {
    const message = 'The provider answered with something that is not a completion.';
    throw new ProviderFailure('provider_error', message, { status: response.status, again: true });
  }
  return call.stream ? { kind: 'stream', chunks: asChunks(body) } : { kind: 'whole', body };
}

function isCompletion(operation: Operation): boolean {
  return operation === 'chat' || operation === 'completions';
}

/** The request with the provider's model, streamed or not, and with usage asked for where that is possible. */
function wireBody({ operation, stream, body }: ProviderCall, server: OpenaiServer): JsonObject {
  const { stream_options: _, ...rest } = body;
  const { model } = server;
  if (!isCompletion(operation)) return { ...rest, model };
  if (!stream) return { ...rest, model, stream: false };
  const options: JsonObject = server.usageInStreams ? { stream_options: { include_usage: true } } : {};
  return { ...rest, model, stream: true, ...options };
}

function form(body: JsonObject, file: Attachment): FormData {
  const data = new FormData();
  for (const [name, value] of Object.entries(body)) {
    for (const item of Array.isArray(value) ? value : [value]) {
      data.append(Array.isArray(value) ? `${name}[]` : name, String(item));
    }
  }
  data.append('file', new Blob([file.bytes], { type: file.type }), file.name);
  return data;
}

/** Puts usage where OpenAI has it: Groq sends it as `x_groq.usage`, Moonshot inside the choice that finishes. */
async function* withUsage(chunks: AsyncIterable<JsonObject>): AsyncIterable<JsonObject> {
  for await (const chunk of chunks) {
    const usage = isObject(chunk['usage']) ? undefined : hiddenUsage(chunk);
    yield usage ? { ...chunk, usage } : chunk;
  }
}

function hiddenUsage({ x_groq, choices }: JsonObject): JsonObject | undefined {
  const places: (Json | undefined)[] = [x_groq, ...(Array.isArray(choices) ? choices : [])];
  return places.map((place) => (isObject(place) ? place['usage'] : undefined)).find(isObject);
}

/** A server that ignored `stream: true`: its one answer as a stream of one chunk. */
async function* asChunks(body: JsonObject): AsyncIterable<JsonObject> {
  const { choices, usage, ...head } = body;
  const list = Array.isArray(choices) ? choices : [];
  const deltas = list.map((choice) => {
    if (!isObject(choice)) return {};
    const { message, ...rest } = choice;
    // A text completion's choice is a chunk already.
    if (!isObject(message)) return choice;
    const delta = { ...message };
    if (Array.isArray(delta['tool_calls'])) {
      delta['tool_calls'] = delta['tool_calls'].map((tool, index) =>
        isObject(tool) ? { index, ...tool } : tool,
      );
    }
    return { ...rest, delta };
  });
  yield { ...head, choices: deltas };
  if (isObject(usage)) yield { ...head, choices: [], usage };
}
