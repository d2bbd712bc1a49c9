import { GatewayError } from '#core/errors.ts';
import { isObject, type JsonObject } from '#core/json.ts';
import { CHAT_GOVERNANCE } from '#core/openai/governance.ts';
import { isProbe } from '#core/openai/request-facts.ts';
import { estimateUsage } from '#core/openai/usage.ts';
import { chatFormat } from '../formats/chat.ts';
import type { RelayedRoute } from '../relay.ts';
import { relayText } from '../relay-text.ts';

/** Assumed output when the client sets no limit. */
const DEFAULT_MAX_TOKENS = 4096;

export const chat: RelayedRoute = {
  path: '/chat/completions',
  operation: 'chat',
  governance: CHAT_GOVERNANCE,
  notices: 'as-configured',
  streams: true,
  format: chatFormat,
  read,
  isProbe,
  worstCase: (body, texts) => ({ ...estimateUsage(texts, ''), output: mostOutput(body) }),
  relay: relayText(chatFormat),
};

function read(body: JsonObject): JsonObject {
  const { messages } = body;
  if (!Array.isArray(messages) || messages.length === 0 || !messages.every(isObject)) {
    throw new GatewayError(
      'invalid_request',
      'The request needs "messages": a list of at least one message object.',
      { param: 'messages' },
    );
  }
  return body;
}

function mostOutput(body: JsonObject): number {
  const limit = body['max_completion_tokens'] ?? body['max_tokens'];
  const n = typeof body['n'] === 'number' && body['n'] >= 1 ? Math.ceil(body['n']) : 1;
  const tokens = typeof limit === 'number' && limit >= 0 ? Math.ceil(limit) : DEFAULT_MAX_TOKENS;
  return Math.min(tokens * n, Number.MAX_SAFE_INTEGER);
}
