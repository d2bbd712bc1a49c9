import { HIDDEN, withoutCredentials } from '#core/text/without-credentials.ts';

/** Names whose text is never shown. Ids and counts of the same things are fine: `key_id`, `tokens`. */
const SECRET_NAME = /(authorization|password|passwd|secret|credential|cookie|api[-_]?key|bearer|token)$/i;
const MAX_TEXT = 2000;
const MAX_ENTRIES = 200;
const MAX_DEPTH = 8;

/** A copy that may be logged: no credentials, nothing long, nothing deep. Errors become their name, message and code. */
export function safeFields(fields: Record<string, unknown>): Record<string, unknown> {
  return safeObject(fields, 0);
}

function safeValue(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return safeText(value);
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Error) return safeError(value, depth);
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= MAX_DEPTH) return '[deep]';
  if (Array.isArray(value)) return value.slice(0, MAX_ENTRIES).map((entry) => safeValue(entry, depth + 1));
  return safeObject(value, depth + 1);
}

function safeObject(value: object, depth: number): Record<string, unknown> {
  const entries = Object.entries(value).slice(0, MAX_ENTRIES);
  return Object.fromEntries(entries.map(([name, entry]) => [name, safeEntry(name, entry, depth)]));
}

function safeEntry(name: string, value: unknown, depth: number): unknown {
  return typeof value === 'string' && SECRET_NAME.test(name) ? HIDDEN : safeValue(value, depth);
}

function safeError(error: Error, depth: number): unknown {
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {};
  const cause = error.cause === undefined || depth >= 2 ? {} : { cause: safeValue(error.cause, depth + 1) };
  return { name: error.name, message: safeText(error.message), ...code, ...cause };
}

function safeText(text: string): string {
  const clean = withoutCredentials(text);
  return clean.length > MAX_TEXT ? `${clean.slice(0, MAX_TEXT)}… ${clean.length} characters` : clean;
}
