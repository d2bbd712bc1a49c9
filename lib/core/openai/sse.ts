import type { JsonObject } from '#core/json.ts';

/** One data frame: `data: {json}` LF LF, with the characters escaped that some clients take for line ends. */
export function dataFrame(value: JsonObject): string {
  return `data: ${safeJson(value)}\n\n`;
}

/** A frame of a route whose events have types: `event: <type>` before the data. */
export function eventFrame(value: JsonObject & { type: string }): string {
  return `event: ${value.type}\n${dataFrame(value)}`;
}

/** A comment block of its own: clients skip a block that starts with a colon as a whole. */
export const KEEP_ALIVE = ': keep-alive\n\n';

export const DONE_FRAME = 'data: [DONE]\n\n';

/**
 * The last frame of a stream that failed after its first byte. Without `choices`, and `error` is a plain string: Dify
 * shows exactly that string, and swallows errors that come with `choices` (research/dify-client.md §4).
 */
export function errorFrame(message: string): string {
  return dataFrame({ error: message });
}

function safeJson(value: JsonObject): string {
  return JSON.stringify(value).replace(/[\u2028\u2029\u0085]/g, (char) => {
    return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}
