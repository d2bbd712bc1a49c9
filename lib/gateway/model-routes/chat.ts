import { DEFAULT_MAX_TOKENS } from '#core/budget/budget.ts';
import { utf8Bytes } from '#core/budget/worst-case.ts';
import { GatewayError } from '#core/errors.ts';
import { isObject, type JsonObject } from '#core/json.ts';
import { CHAT_GOVERNANCE } from '#core/openai/governance.ts';
import { mostOutput, withOutputLimit } from '#core/openai/output-limit.ts';
import { isProbe } from '#core/openai/request-facts.ts';
import { estimateUsage } from '#core/openai/usage.ts';
import { chatFormat } from '../formats/chat.ts';
import type { RelayedRoute } from '../relay.ts';
import { relayText } from '../relay-text.ts';

export const chat: RelayedRoute = {
  path: '/chat/completions',
  operation: 'chat',
  governance: CHAT_GOVERNANCE,
  notices: 'as-configured',
  streams: true,
  format: chatFormat,
  read,
  isProbe,
  worstCase: (body, texts, _file, maxTokens = DEFAULT_MAX_TOKENS) => ({
    ...estimateUsage(texts, ''),
    output: mostOutput(body, maxTokens) + utf8Bytes(JSON.stringify(body['prediction'] ?? '')),
  }),
  limitOutput: withOutputLimit,
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
