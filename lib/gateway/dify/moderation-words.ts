import { NO_USAGE } from '#core/cost/usage.ts';
import type { ModelRoute } from '../model-route.ts';

/**
 * How the texts of Dify's moderation extension are governed. It has the shape of a kind of model call, so that chain, judges, budgets
 * and the record treat it like one; no provider is asked for an answer.
 */
export const MODERATION: ModelRoute = {
  path: '/keeptrusts/dify/moderation',
  operation: 'moderation',
  governance: { request: { inputs: 'user', query: 'user' }, answer: 'every-text' },
  notices: 'error',
  streams: false,
  defaultModel: 'dify-moderation',
  read: (body) => body,
  isProbe: () => false,
  worstCase: () => NO_USAGE,
};
