import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

test('each of the 80 cases is there', () => {
  const files = readdirSync(__dirname).filter((name) => name.endsWith('.test.ts'));
  const text = files.map((name) => readFileSync(join(__dirname, name), 'utf8')).join('\n');
  const numbers = new Set([...text.matchAll(/difyCase\(\s*(\d+),/g)].map(([, number]) => Number(number)));
  expect([...numbers].sort((a, b) => a - b)).toEqual(Array.from({ length: 80 }, (_, i) => i + 1));
});
