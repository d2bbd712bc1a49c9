import { CHAT_GOVERNANCE } from '#core/openai/governance.ts';
import { toChat } from '#core/openai/responses-request.ts';
import { responseFormat } from '../formats/response.ts';
import type { RelayedRoute } from '../relay.ts';
import { relayText } from '../relay-text.ts';
import { chat } from './chat.ts';

/** OpenAI's `/responses` without anything that is kept: read into a chat completion, judged and answered as one. */
export const responses: RelayedRoute = {
  path: '/responses',
  operation: 'chat',
  governance: CHAT_GOVERNANCE,
  notices: 'as-configured',
  streams: true,
  format: responseFormat,
  read: toChat,
  isProbe: () => false,
  worstCase: chat.worstCase,
  ...(chat.limitOutput ? { limitOutput: chat.limitOutput } : {}),
  relay: relayText(responseFormat),
};
