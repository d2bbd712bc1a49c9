import { isObject, type JsonObject } from '#core/json.ts';
import { ProviderFailure } from './failure.ts';
import type { Attachment, Dialect, Operation, ProviderAnswer, ProviderCall } from './provider.ts';
import { readBytes } from './read-bytes.ts';
import { readChunks } from './read-chunks.ts';
import { readWhole } from './read-whole.ts';

/** Below the base URL. `/rerank` is Jina's and Cohere's, and that of the servers which also speak OpenAI's routes. */
const PATHS: Readonly<Record<Operation, string>> = {
  chat: '/chat/completions',
  completions: '/completions',
  embeddings: '/embeddings',
  rerank: '/rerank',
  transcription: '/audio/transcriptions',
  speech: '/audio/speech',
  moderation: '/moderations',
};

/** OpenAI's routes, and every server that speaks them. */
export const openai: Dialect = async (call) => {
  const response = await send(call);
  const requestId = response.headers.get('x-request-id')?.slice(0, 128);
  const id = requestId ? { requestId } : {};
  if (!response.ok) throw await refused(response);

  return { ...(await readAnswer(call, response)), ...id };
};

async function readAnswer(call: ProviderCall, response: Response): Promise<ProviderAnswer> {
  const contentType = response.headers.get('content-type') ?? '';
  const idleMs = call.target.idle_timeout_ms;
  if (call.operation === 'speech') return { kind: 'bytes', contentType, bytes: readBytes(response, idleMs) };
  if (call.stream && contentType.includes('text/event-stream')) {
    return { kind: 'stream', chunks: readChunks(response, idleMs) };
  }
  const body = await readWhole(response);
  if (isCompletion(call.operation) && !Array.isArray(body['choices'])) {
    throw new ProviderFailure(
      'provider_error',
      'The provider answered with something that is not a completion.',
      {
        status: response.status,
        again: true,
      },
    );
  }
  return call.stream ? { kind: 'stream', chunks: asChunks(body) } : { kind: 'whole', body };
}

async function send(call: ProviderCall): Promise<Response> {
  const timeout = AbortSignal.timeout(call.target.timeout_ms);
  const started = new AbortController();
  const abort = () => started.abort();
  call.signal.addEventListener('abort', abort, { once: true });
  timeout.addEventListener('abort', abort, { once: true });
  if (call.signal.aborted) abort();
  try {
    return await call.fetch(`${call.baseUrl}${PATHS[call.operation]}`, {
      method: 'POST',
      // A redirect would take the key along to another host.
      redirect: 'manual',
      headers: {
        ...(call.attachment ? {} : { 'content-type': 'application/json' }),
        accept: accepts(call),
        authorization: `Bearer ${call.key.reveal()}`,
        'user-agent': 'keeptrusts-gateway',
        'x-client-request-id': call.requestId,
      },
      body: call.attachment ? form(call, call.attachment) : JSON.stringify(wireBody(call)),
      signal: started.signal,
    });
  } catch (cause) {
    if (timeout.aborted) {
      throw new ProviderFailure('provider_timeout', 'The provider did not answer in time.', {
        again: false,
        cause,
      });
    }
    throw new ProviderFailure('provider_error', 'The provider could not be reached.', {
      again: !call.signal.aborted,
      cause,
    });
  } finally {
    // The caller's signal keeps aborting the body; only the first-byte timer ends here.
    timeout.removeEventListener('abort', abort);
  }
}

function isCompletion(operation: Operation): boolean {
  return operation === 'chat' || operation === 'completions';
}

function accepts({ operation, stream }: ProviderCall): string {
  if (operation === 'speech') return 'audio/*';
  return stream ? 'text/event-stream' : 'application/json';
}

function wireBody(call: ProviderCall): JsonObject {
  const { stream_options: _, ...body } = call.body;
  const model = call.target.provider_model;
  if (!isCompletion(call.operation)) return { ...body, model };
  if (!call.stream) return { ...body, model, stream: false };
  return { ...body, model, stream: true, stream_options: { include_usage: true } };
}

/** The fetch in use adds the content type with the boundary. */
function form(call: ProviderCall, file: Attachment): FormData {
  const data = new FormData();
  for (const [name, value] of Object.entries(wireBody(call))) {
    for (const item of Array.isArray(value) ? value : [value]) {
      data.append(Array.isArray(value) ? `${name}[]` : name, String(item));
    }
  }
  data.append('file', new Blob([file.bytes], { type: file.type }), file.name);
  return data;
}

async function refused(response: Response): Promise<ProviderFailure> {
  const { status } = response;
  const retryAfterSeconds = retryAfter(response);
  if (status === 401 || status === 403) {
    await response.body?.cancel();
    return new ProviderFailure('provider_auth_error', 'The provider refused the gateway’s key.', { status });
  }
  if (status === 429) {
    await response.body?.cancel();
    const message = 'The provider is limiting the rate of calls. Try again later.';
    return new ProviderFailure('provider_rate_limited', message, { status, again: true, retryAfterSeconds });
  }
  if (status >= 500 || status < 400) {
    await response.body?.cancel();
    return new ProviderFailure('provider_error', `The provider failed (status ${status}).`, {
      status,
      again: status >= 500,
    });
  }
  return new ProviderFailure(
    'provider_rejected',
    `The provider rejected the request: ${await reason(response)}`,
    {
      status,
    },
  );
}

/** The provider's own words about a bad parameter, shortened and without control characters. */
async function reason(response: Response): Promise<string> {
  const body = await readWhole(response).catch(() => ({}) as JsonObject);
  const error = body['error'];
  const message = isObject(error) ? error['message'] : error;
  const text = typeof message === 'string' ? message : `status ${response.status}`;
  return text.replace(/\p{Cc}+/gu, ' ').slice(0, 300);
}

function retryAfter(response: Response): number | undefined {
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? Math.min(Math.ceil(seconds), 3600) : undefined;
}

/** A server that ignored `stream: true`: its one answer as a stream of one chunk. */
async function* asChunks(body: JsonObject): AsyncIterable<JsonObject> {
  const { choices, usage, ...head } = body;
  const list = Array.isArray(choices) ? choices : [];
  const deltas = list.map((choice) => {
    if (!isObject(choice)) return {};
    const { message, ...rest } = choice;
    const delta = isObject(message) ? { ...message } : {};
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
