import type { JsonObject } from '#core/json.ts';
import type { Target } from '#core/pack/pack.ts';

/** Most output tokens of a chat request, over all its choices; `unlimited` where the client says nothing. */
export function mostOutput(body: JsonObject, unlimited: number): number {
  const n = typeof body['n'] === 'number' && body['n'] > 1 ? Math.ceil(body['n']) : 1;
  return Math.min((outputLimit(body) ?? unlimited) * n, Number.MAX_SAFE_INTEGER);
}

/** A request that limits its output: as it is, else with this limit, in the word its target knows. */
export function withOutputLimit(body: JsonObject, limit: number, target: Target): JsonObject {
  if (outputLimit(body) !== undefined) return body;
  // OpenAI's newer models refuse max_tokens, most compatible servers know nothing else.
  const openai = target.provider === 'azure-openai' || /^https:\/\/api\.openai\.com\//.test(target.base_url);
  const { max_tokens: _invalid, max_completion_tokens: _too, ...rest } = body;
  return { ...rest, [openai ? 'max_completion_tokens' : 'max_tokens']: limit };
}

/** The larger of both spellings: which one a provider obeys is its own affair. */
function outputLimit(body: JsonObject): number | undefined {
  const given = [body['max_completion_tokens'], body['max_tokens']].filter(isCount);
  return given.length === 0 ? undefined : Math.max(...given);
}

/** Anything else is no limit to a provider either, but a mistake or its default. */
function isCount(limit: unknown): limit is number {
  return typeof limit === 'number' && Number.isSafeInteger(limit) && limit > 0;
}
