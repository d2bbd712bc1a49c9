import { GatewayError } from '#core/errors.ts';
import type { JsonObject } from '#core/json.ts';

/**
 * The texts of a field that takes one or a list. Throws `invalid_request`, also for tokens: numbers that only the model's own
 * tokenizer turns into words cannot be checked.
 */
export function readTexts(body: JsonObject, param: string): readonly string[] {
  const value = body[param];
  const items = Array.isArray(value) ? value : [value];
  const isText = (item: unknown) => typeof item === 'string';
  if (items.length > 0 && items.every(isText)) return items as string[];
  if (items.some((item) => typeof item === 'number' || Array.isArray(item))) {
    throw new GatewayError(
      'invalid_request',
      `"${param}" holds tokens, which no policy can read. Send text instead (LangChain: check_embedding_ctx_length=False).`,
      { param },
    );
  }
  throw new GatewayError(
    'invalid_request',
    `The request needs "${param}": a text or a list of at least one text.`,
    {
      param,
    },
  );
}
