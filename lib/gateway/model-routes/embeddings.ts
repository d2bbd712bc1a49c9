import { GatewayError } from '#core/errors.ts';
import { isObject, type Json, type JsonObject } from '#core/json.ts';
import { estimateUsage, writeInputUsage } from '#core/openai/usage.ts';
import { decodeVector, encodeVector, isVector } from '#core/openai/vectors.ts';
import type { Relay, RelayedRoute } from '../relay.ts';
import { relayNumbers } from '../relay-numbers.ts';
import { readTexts } from './read-texts.ts';

export const embeddings: RelayedRoute = {
  path: '/embeddings',
  operation: 'embeddings',
  governance: { request: { input: 'user' }, answer: 'no-text' },
  notices: 'error',
  streams: false,
  read,
  isProbe: ({ input }) => (Array.isArray(input) && input.length === 1 ? input[0] : input) === 'ping',
  worstCase: (_body, texts) => estimateUsage(texts, ''),
  relay: relayNumbers('a list of embeddings', rewrite),
};

/** `messages` instead of `input`: how vLLM is asked for the embedding of a picture. */
function read(body: JsonObject): JsonObject {
  const { messages, encoding_format: format } = body;
  const asksWithMessages = body['input'] === undefined && Array.isArray(messages) && messages.every(isObject);
  if (!asksWithMessages) readTexts(body, 'input');
  if (format !== undefined && format !== null && format !== 'float' && format !== 'base64') {
    throw new GatewayError('invalid_request', '"encoding_format" must be "float" or "base64".', {
      param: 'encoding_format',
    });
  }
  return body;
}

/** One vector per text in the encoding that was asked for, whatever the provider sent. */
function rewrite(answer: JsonObject, { exchange }: Relay): JsonObject | undefined {
  const { input, encoding_format: format } = exchange.body;
  const { data } = answer;
  if (!Array.isArray(data) || data.length !== (Array.isArray(input) ? input.length : 1)) return undefined;
  const vectors = data.map((item, position) => readItem(item, position, format === 'base64'));
  if (!vectors.every((item) => item !== undefined)) return undefined;
  return {
    object: 'list',
    data: vectors.sort((a, b) => a.index - b.index).map((item) => ({ object: 'embedding', ...item })),
    model: exchange.modelUsed ?? exchange.model,
    usage: writeInputUsage(exchange.usage),
  };
}

function readItem(
  item: Json,
  position: number,
  base64: boolean,
): { index: number; embedding: Json } | undefined {
  if (!isObject(item)) return undefined;
  const { index = position, embedding = null } = item;
  if (typeof index !== 'number' || !Number.isSafeInteger(index) || index < 0) return undefined;
  if (isVector(embedding)) return { index, embedding: base64 ? encodeVector(embedding) : embedding };
  const numbers = typeof embedding === 'string' ? decodeVector(embedding) : undefined;
  if (!numbers) return undefined;
  return { index, embedding: base64 ? embedding : numbers };
}
