import { isObject, type JsonObject } from '#core/json.ts';

const PROBE_TOKENS = 16;

/** Dify's set-up probe: one user message `ping`, at most 16 tokens (research/dify-client.md §3). */
export function isProbe(body: JsonObject): boolean {
  const { messages } = body;
  if (!Array.isArray(messages) || messages.length !== 1 || !isPing(body)) return false;
  const [message] = messages;
  return isObject(message) && message['role'] === 'user' && message['content'] === 'ping';
}

/** Wants next to no answer, as a probe does. */
export function isPing(body: JsonObject): boolean {
  const tokens = body['max_tokens'] ?? body['max_completion_tokens'];
  return typeof tokens === 'number' && tokens <= PROBE_TOKENS;
}

/** The client wants JSON: a refusal in prose would break it. */
export function isStructured(body: JsonObject): boolean {
  const format = body['response_format'];
  const type = isObject(format) ? format['type'] : undefined;
  return typeof type === 'string' && type.startsWith('json');
}
