import { isObject, type JsonObject } from '#core/json.ts';
import { type Quirks, quirksOf } from '#core/pack/provider-presets.ts';
import { askOpenai } from './openai-wire.ts';
import type { Dialect, Operation } from './provider.ts';

/** Below the base URL. `/rerank` is Jina's and Cohere's, and that of the servers which also speak OpenAI's routes. */
export const OPENAI_PATHS: Readonly<Record<Operation, string>> = {
  chat: '/chat/completions',
  completions: '/completions',
  embeddings: '/embeddings',
  rerank: '/rerank',
  transcription: '/audio/transcriptions',
  speech: '/audio/speech',
  moderation: '/moderations',
};

/** OpenAI's models that refuse `max_tokens`: the rule of Dify and LiteLLM (research/dify-client.md §1). */
const REASONS = /^(o\d|gpt-5)/;

/** OpenAI's routes, and every server that speaks them. */
export const openai: Dialect = (call) => {
  const { baseUrl, operation, target, body, key, requestId } = call;
  const quirks = quirksOf(target.vendor);
  const isNew = operation === 'chat' && target.vendor === 'openai' && REASONS.test(target.provider_model);
  const limited = isNew ? newLimit(body) : body;
  return askOpenai(
    { ...call, body: inItsWords(limited, quirks) },
    {
      url: `${baseUrl}${OPENAI_PATHS[operation]}`,
      headers: { authorization: `Bearer ${key.reveal()}`, 'x-client-request-id': requestId },
      model: target.provider_model,
      usageInStreams: !quirks.noStreamOptions,
    },
  );
};

/** The request in the words that this server knows. */
function inItsWords(body: JsonObject, quirks: Quirks): JsonObject {
  const known = quirks.maxTokensOnly ? oldLimit(body) : body;
  const { messages } = known;
  if (!quirks.noDeveloperRole || !Array.isArray(messages)) return known;
  return {
    ...known,
    messages: messages.map((message) =>
      isObject(message) && message['role'] === 'developer' ? { ...message, role: 'system' } : message,
    ),
  };
}

/** Only where the client did not use the new word itself. */
function newLimit({ max_tokens, ...body }: JsonObject): JsonObject {
  return max_tokens === undefined ? body : { max_completion_tokens: max_tokens, ...body };
}

function oldLimit({ max_completion_tokens, ...body }: JsonObject): JsonObject {
  return max_completion_tokens === undefined ? body : { ...body, max_tokens: max_completion_tokens };
}
