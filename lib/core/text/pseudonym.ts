import { base32, hmacWith } from './hash.ts';

const LENGTH = 6;

/**
 * Names values by six letters: the same for the same type and value under one key, and no way back without the key. Values come up
 * again and again in one exchange, so their names are kept.
 */
export function pseudonyms(key: string): (type: string, canonical: string) => string {
  let keyed: ReturnType<typeof hmacWith> | undefined;
  const names = new Map<string, string>();
  return (type, canonical) => {
    const value = `${type}\0${canonical}`;
    let name = names.get(value);
    if (name === undefined) {
      keyed ??= hmacWith(key);
      name = base32(keyed(value), LENGTH);
      names.set(value, name);
    }
    return name;
  };
}
