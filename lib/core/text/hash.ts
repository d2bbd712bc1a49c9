import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

/** SHA-256 of bytes, or of a text's UTF-8 bytes, lower-case hex. Pure, so the browser can verify what the gateway wrote. */
export function sha256Hex(content: string | Uint8Array): string {
  return bytesToHex(sha256(typeof content === 'string' ? utf8ToBytes(content) : content));
}

/** HMAC-SHA-256 of the UTF-8 bytes. */
export function hmacBytes(key: string, text: string): Uint8Array {
  return hmac(sha256, utf8ToBytes(key), utf8ToBytes(text));
}

/** The same for many texts: what depends on the key only is done once. */
export function hmacWith(key: string): (text: string) => Uint8Array {
  const keyed = hmac.create(sha256, utf8ToBytes(key));
  return (text) => keyed.clone().update(utf8ToBytes(text)).digest();
}

export function hmacHex(key: string, text: string): string {
  return bytesToHex(hmacBytes(key, text));
}

/** Lower-case RFC 4648 base32 letters and digits, without padding. */
export function base32(bytes: Uint8Array, length: number): string {
  const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';
  let bits = 0;
  let value = 0;
  let out = '';
  for (const byte of bytes) {
    value = ((value << 8) | byte) & 0xffff;
    bits += 8;
    while (bits >= 5 && out.length < length) {
      out += alphabet[(value >>> (bits - 5)) & 31];
      bits -= 5;
    }
    if (out.length >= length) break;
  }
  return out;
}
