import { GatewayError } from '#core/errors.ts';
import { isObject, type Json, type JsonObject } from '#core/json.ts';
import { estimateUsage } from '#core/openai/usage.ts';
import type { Relay, RelayedRoute } from '../relay.ts';
import { relayNumbers } from '../relay-numbers.ts';
import { readTexts } from './read-texts.ts';

const CATEGORY = /^[a-z][a-z/_-]{0,63}$/;

/** A text that somebody wants judged: personal data and secrets in it are guarded, what it says is the provider's to judge. */
export const moderations: RelayedRoute = {
  path: '/moderations',
  operation: 'moderation',
  governance: { request: { input: 'quoted' }, answer: 'no-text' },
  notices: 'error',
  streams: false,
  defaultModel: 'omni-moderation-latest',
  read,
  isProbe: () => false,
  worstCase: (_body, texts) => estimateUsage(texts, ''),
  relay: relayNumbers('a moderation', rewrite),
};

function read(body: JsonObject): JsonObject {
  const { input } = body;
  if (!Array.isArray(input) || !input.some(isObject)) {
    readTexts(body, 'input');
  } else if (
    !input.every((part) => isObject(part) && (part['type'] === 'text' || part['type'] === 'image_url'))
  ) {
    throw new GatewayError('invalid_request', '"input" takes parts of the types "text" and "image_url".', {
      param: 'input',
    });
  }
  return body;
}

function rewrite(answer: JsonObject, { exchange }: Relay): JsonObject | undefined {
  const { results } = answer;
  if (!Array.isArray(results) || results.length === 0) return undefined;
  const judged = results.map(readResult);
  if (!judged.every((result) => result !== undefined)) return undefined;
  return {
    id: `modr-${exchange.requestId}`,
    model: exchange.modelUsed ?? exchange.model,
    results: judged,
  };
}

function readResult(result: Json): JsonObject | undefined {
  if (!isObject(result) || typeof result['flagged'] !== 'boolean') return undefined;
  return {
    flagged: result['flagged'],
    categories: only(result['categories'], isFlag),
    category_scores: only(result['category_scores'], (score) => typeof score === 'number'),
    category_applied_input_types: only(result['category_applied_input_types'], isInputTypes),
  };
}

/** The categories of a block whose names and values are what they should be. */
function only(block: Json | undefined, fits: (value: Json) => boolean): JsonObject {
  if (!isObject(block)) return {};
  return Object.fromEntries(
    Object.entries(block).filter(([name, value]) => CATEGORY.test(name) && fits(value)),
  );
}

function isFlag(value: Json): boolean {
  return typeof value === 'boolean' || value === null;
}

function isInputTypes(value: Json): boolean {
  return Array.isArray(value) && value.every((type) => type === 'text' || type === 'image');
}
