import { base32, sha256Hex } from '#core/text/hash.ts';

/** How many random bytes a key is made of: 160 bits, 32 base32 characters. */
export const KEY_BYTES = 20;

/** What the first characters of a credential say about it. */
export const KEY_HEADS = { app: 'kt_live_', console: 'ktc_', gateway: 'ktg_' } as const;
export type KeyKind = keyof typeof KEY_HEADS;

const BODY = 32;
const CHECK = 4;
const SHAPE = /^(kt_live_|ktc_|ktg_)([a-z2-7]{32})([a-z2-7]{4})$/;

/**
 * Makes the key a person is shown once: head, 32 random characters and a checksum of 4, e.g. `kt_live_3k9x…`. `bytes`
 * must hold at least KEY_BYTES bytes from a secure source; a shorter array throws.
 */
export function formatKey(bytes: Uint8Array, kind: KeyKind = 'app'): string {
  if (bytes.length < KEY_BYTES)
    throw new RangeError(`a key needs ${KEY_BYTES} random bytes, got ${bytes.length}`);
  const unchecked = KEY_HEADS[kind] + base32(bytes, BODY);
  return unchecked + checksum(unchecked);
}

/** Whether this can be a key of that kind at all: shape and checksum, without asking a store. */
export function isWellFormed(key: string, kind: KeyKind = 'app'): boolean {
  return (
    key.startsWith(KEY_HEADS[kind]) && SHAPE.test(key) && checksum(key.slice(0, -CHECK)) === key.slice(-CHECK)
  );
}

/** The head and the first four characters: enough to recognise a key in a list, useless to anyone else. */
export function keyPrefix(key: string): string {
  const head = Object.values(KEY_HEADS).find((known) => key.startsWith(known)) ?? '';
  return key.slice(0, head.length + 4);
}

/** What is stored and looked up: SHA-256 (hex) of the whole key. The key has 160 bits, so no salt is needed. */
export function hashKey(key: string): string {
  return sha256Hex(key);
}

/** The public id of a console or gateway token, from its hash: of 64 bits, so nobody finds a token by it. */
export function tokenId(hash: string): string {
  return `token_${hash.slice(0, 16)}`;
}

function checksum(unchecked: string): string {
  const bytes = Uint8Array.from(sha256Hex(unchecked).slice(0, 6).match(/../g) ?? [], (pair) =>
    Number.parseInt(pair, 16),
  );
  return base32(bytes, CHECK);
}
