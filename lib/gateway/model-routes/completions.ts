import { GatewayError } from '#core/errors.ts';
import type { Json, JsonObject } from '#core/json.ts';
import { isPing } from '#core/openai/request-facts.ts';
import { estimateUsage } from '#core/openai/usage.ts';
import { completionFormat } from '../formats/completion.ts';
import type { RelayedRoute } from '../relay.ts';
import { relayText } from '../relay-text.ts';
import { readTexts } from './read-texts.ts';

/** What OpenAI assumes when the client sets no limit. */
const DEFAULT_MAX_TOKENS = 16;

export const completions: RelayedRoute = {
  path: '/completions',
  operation: 'completions',
  governance: { request: { prompt: 'user', suffix: 'user' }, answer: 'every-text' },
  notices: 'as-configured',
  streams: true,
  format: completionFormat,
  read,
  isProbe: (body) => body['prompt'] === 'ping' && isPing(body),
  worstCase: (body, texts) => ({ ...estimateUsage(texts, ''), output: mostOutput(body) }),
  limitOutput: (body) => ({ ...body, max_tokens: count(body['max_tokens'], DEFAULT_MAX_TOKENS) }),
  relay: relayText(completionFormat),
};

function read(body: JsonObject): JsonObject {
  readTexts(body, 'prompt');
  const { suffix } = body;
  if (suffix !== undefined && suffix !== null && typeof suffix !== 'string') {
    throw new GatewayError('invalid_request', '"suffix" must be a text.', { param: 'suffix' });
  }
  return body;
}

/** Every prompt is answered `n` times, out of `best_of` that are all paid for. */
function mostOutput(body: JsonObject): number {
  const prompts = Array.isArray(body['prompt']) ? body['prompt'].length : 1;
  const answers = Math.max(count(body['n'], 1), count(body['best_of'], 1));
  return Math.min(count(body['max_tokens'], DEFAULT_MAX_TOKENS) * answers * prompts, Number.MAX_SAFE_INTEGER);
}

function count(value: Json | undefined, otherwise: number): number {
  return typeof value === 'number' && value >= 1 ? Math.ceil(value) : otherwise;
}
