import { GatewayError } from '#core/errors.ts';
import { isObject, type Json, type JsonObject } from '#core/json.ts';
import { estimateUsage, writeInputUsage } from '#core/openai/usage.ts';
import type { Relay, RelayedRoute } from '../relay.ts';
import { relayNumbers } from '../relay-numbers.ts';

/** The rerank route of Jina and Cohere, which Dify and vLLM speak too. Documents are as untrusted as results of tools. */
export const rerank: RelayedRoute = {
  path: '/rerank',
  operation: 'rerank',
  governance: { request: { query: 'user', documents: 'tool' }, answer: 'no-text' },
  notices: 'error',
  streams: false,
  read,
  isProbe: () => false,
  worstCase: (_body, texts) => estimateUsage(texts, ''),
  relay: relayNumbers('a ranking', rewrite),
};

function read(body: JsonObject): JsonObject {
  const { query, documents } = body;
  if (typeof query !== 'string' || query === '') {
    throw new GatewayError('invalid_request', 'The request needs "query": a text.', { param: 'query' });
  }
  const isDocument = (item: Json) => typeof item === 'string' || isObject(item);
  if (!Array.isArray(documents) || documents.length === 0 || !documents.every(isDocument)) {
    throw new GatewayError(
      'invalid_request',
      'The request needs "documents": a list of at least one text or document object.',
      { param: 'documents' },
    );
  }
  return body;
}

/** Documents that are asked back come from the request as it was forwarded, never from the provider. */
function rewrite(answer: JsonObject, { exchange }: Relay): JsonObject | undefined {
  const { results } = answer;
  const { documents, return_documents: wanted } = exchange.body;
  if (!Array.isArray(results) || !Array.isArray(documents)) return undefined;
  const ranked = results.map((result) => readResult(result, documents, wanted === true));
  if (!ranked.every((result) => result !== undefined)) return undefined;
  return {
    id: `rerank-${exchange.requestId}`,
    model: exchange.modelUsed ?? exchange.model,
    results: ranked,
    usage: writeInputUsage(exchange.usage),
  };
}

function readResult(result: Json, documents: readonly Json[], withDocument: boolean): JsonObject | undefined {
  if (!isObject(result)) return undefined;
  const { index, relevance_score: score } = result;
  if (typeof index !== 'number' || typeof score !== 'number') return undefined;
  const document = documents[index];
  if (document === undefined) return undefined;
  const shown = typeof document === 'string' ? { text: document } : document;
  return { index, relevance_score: score, ...(withDocument ? { document: shown } : {}) };
}
