import { format, inspect } from 'node:util';
import { expect, test } from '@jest/globals';
import { Key } from '#core/auth/key.ts';

const TEXT = 'kt_live_canary0123456789';
const key = new Key(TEXT);

const PRINTED: [string, () => string][] = [
  ['a template', () => `${key}`],
  ['joining', () => ['Bearer', key].join(' ')],
  ['JSON', () => JSON.stringify({ key, deep: [{ key }] })],
  ['inspection', () => inspect({ key, map: new Map([['k', key]]) }, { depth: 9, showHidden: true })],
  ['console formats', () => format('%s %o %j', key, key, key)],
  ['an error', () => inspect(new Error(`bad ${key}`, { cause: key }))],
  ['its own properties', () => JSON.stringify([Object.entries(key), Reflect.ownKeys(key).map(String)])],
  ['a copy', () => JSON.stringify({ ...key }) + inspect(structuredClone(key))],
];

test.each(PRINTED)('a key is not shown by %s', (_, print) => {
  expect(print()).not.toContain('canary');
});

test('a key is given where it is asked for', () => {
  expect(key.reveal()).toBe(TEXT);
});
