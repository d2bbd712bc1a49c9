import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Page, readPage } from '../../lib/console/web-assets.ts';
import { buildConsole } from '../../scripts/build-console.ts';
import { consoleBench } from './console-bench.ts';

let folder: string;
let page: Page;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kt-assets-'));
  await buildConsole(folder);
  page = readPage(folder);
});
afterAll(() => rm(folder, { recursive: true }));

test('the page needs no token', async () => {
  const { send } = consoleBench({}, { page });

  const response = await send('/');

  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  expect(await response.text()).toContain('<script type="module" src="/app.js">');
});

test.each(['/app.js', '/app.css'])('%s is answered with its validator', async (path) => {
  const { send } = consoleBench({}, { page });
  const first = await send(path);
  const etag = first.headers.get('etag') ?? '';

  const second = await send(path, { headers: { 'if-none-match': etag } });

  expect([first.status, second.status, await second.text()]).toEqual([200, 304, '']);
});

test('the page has no inline code that its policy would stop', async () => {
  const html = page.get('/')?.body ?? '';

  expect(html).not.toMatch(/<script(?![^>]*\ssrc=)|<style|\son\w+=|\sstyle=/);
});

test('the page is small', async () => {
  const bytes = [...page.values()].map(({ body }) => gzipSync(body).length);

  expect(bytes.reduce((sum, size) => sum + size)).toBeLessThan(120_000);
});

test('a page that was not built is named with the way to build it', () => {
  expect(() => readPage(join(folder, 'nowhere'))).toThrow('run scripts/build-console.ts');
});
