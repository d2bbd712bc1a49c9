import { base32, hmacBytes } from './hash.ts';

const LENGTH = 6;

/** Names values by six letters: the same for the same type and value under one key, and no way back without the key. */
export function pseudonyms(key: string): (type: string, canonical: string) => string {
  return (type, canonical) => base32(hmacBytes(key, `${type}\0${canonical}`), LENGTH);
}
