import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { formatKey, hashKey, isWellFormed, KEY_BYTES, type KeyKind, keyPrefix } from '#core/auth/app-key.ts';

const secret = fc.uint8Array({ minLength: KEY_BYTES, maxLength: KEY_BYTES });
const kind = fc.constantFrom<KeyKind>('app', 'console');

describe('app key', () => {
  test('a formatted key is well formed for its own kind only', () => {
    fc.assert(
      fc.property(secret, kind, (bytes, made) => {
        const key = formatKey(bytes, made);
        expect(isWellFormed(key, made)).toBe(true);
        expect(isWellFormed(key, made === 'app' ? 'console' : 'app')).toBe(false);
      }),
    );
  });

  test('looks like kt_live_ or ktc_ with 32 characters, four of checksum', () => {
    expect(formatKey(new Uint8Array(KEY_BYTES))).toMatch(/^kt_live_a{32}[a-z2-7]{4}$/);
    expect(formatKey(new Uint8Array(KEY_BYTES), 'console')).toMatch(/^ktc_a{32}[a-z2-7]{4}$/);
  });

  test('two different secrets never give the same key', () => {
    fc.assert(
      fc.property(secret, secret, (one, other) => {
        expect(formatKey(one) === formatKey(other)).toBe(one.join() === other.join());
      }),
    );
  });

  test('a key with one wrong character is recognised without a store', () => {
    const key = formatKey(Uint8Array.from({ length: KEY_BYTES }, (_, index) => index * 11));
    const survivors = [...key].flatMap((right, at) =>
      [...'abcdefghijklmnopqrstuvwxyz234567_'].filter(
        (wrong) => wrong !== right && isWellFormed(key.slice(0, at) + wrong + key.slice(at + 1)),
      ),
    );
    expect(survivors).toEqual([]);
  });

  test.each([
    '',
    'kt_live_',
    'sk-proj-1234',
    'KT_LIVE_',
    ` ${formatKey(new Uint8Array(KEY_BYTES))}`,
    `${formatKey(new Uint8Array(KEY_BYTES))}\n`,
  ])('%j is not a key', (text) => {
    expect(isWellFormed(text)).toBe(false);
  });

  test('too few random bytes are refused', () => {
    expect(() => formatKey(new Uint8Array(KEY_BYTES - 1))).toThrow('20 random bytes');
  });

  test('the prefix shows the head and four characters', () => {
    expect(keyPrefix(formatKey(new Uint8Array(KEY_BYTES)))).toBe('kt_live_aaaa');
    expect(keyPrefix(formatKey(new Uint8Array(KEY_BYTES), 'console'))).toBe('ktc_aaaa');
  });

  test('the hash is the SHA-256 of the key', () => {
    expect(hashKey('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });
});
