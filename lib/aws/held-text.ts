import { gunzipSync, gzipSync } from 'node:zlib';

/** How a held text lies in the Content table: plain, or compressed where it would not fit an item of 400 KB. */
export type HeldText = { readonly text: string } | { readonly gzip: Uint8Array };

const MAX_PLAIN_BYTES = 300_000;
const MAX_PACKED_BYTES = 380_000;
/** Guards the reader against an item that unpacks into far more. */
const MAX_UNPACKED_BYTES = 16 * 1024 * 1024;

/** Throws a RangeError for a text that does not even fit compressed (far above a million characters of prose). */
export function packText(text: string): HeldText {
  if (Buffer.byteLength(text) <= MAX_PLAIN_BYTES) return { text };
  const gzip = gzipSync(text);
  if (gzip.length > MAX_PACKED_BYTES) throw new RangeError('the text is too long to be held for a review');
  return { gzip };
}

/** Undefined when the item holds no text. */
export function unpackText(item: Record<string, unknown> | undefined): string | undefined {
  if (typeof item?.['text'] === 'string') return item['text'];
  const packed = item?.['gzip'];
  if (!(packed instanceof Uint8Array)) return undefined;
  return gunzipSync(packed, { maxOutputLength: MAX_UNPACKED_BYTES }).toString();
}
