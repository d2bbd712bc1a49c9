import type { Json } from '#core/json.ts';

const FLOAT_BYTES = 4;

export function isVector(value: Json): value is number[] {
  return Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'number');
}

/** Base64 of little-endian 32-bit floats, as `encoding_format: base64` has it. */
export function encodeVector(numbers: readonly number[]): string {
  const view = new DataView(new ArrayBuffer(numbers.length * FLOAT_BYTES));
  for (const [index, number] of numbers.entries()) view.setFloat32(index * FLOAT_BYTES, number, true);
  let bytes = '';
  for (let at = 0; at < view.byteLength; at += 1) bytes += String.fromCharCode(view.getUint8(at));
  return btoa(bytes);
}

/** The numbers of an encoded vector; undefined when it is none. */
export function decodeVector(text: string): number[] | undefined {
  if (text === '' || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return undefined;
  let bytes: string;
  try {
    bytes = atob(text);
  } catch {
    return undefined;
  }
  if (bytes.length % FLOAT_BYTES !== 0) return undefined;
  const view = new DataView(Uint8Array.from(bytes, (byte) => byte.charCodeAt(0)).buffer);
  const numbers = Array.from({ length: bytes.length / FLOAT_BYTES }, (_, index) =>
    view.getFloat32(index * FLOAT_BYTES, true),
  );
  return numbers.every(Number.isFinite) ? numbers : undefined;
}
