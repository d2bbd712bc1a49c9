import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import OpenAI from 'openai';
import type { Page } from 'playwright-core';
import { launchBrowser, watched } from '../support/browser.ts';
import { makeProject, removeProject, startStack } from '../support/stack.ts';
import { startUpstream } from '../support/upstream.ts';

/** What makes an answer wait for a person. */
export const HELD_TERM = 'severance';
const OVERSIGHT = `  human-oversight: { terms: [${HELD_TERM}], wait_seconds: 200, timeout_seconds: 600 }\n`;

type Role = 'viewer' | 'reviewer' | 'admin';

interface OpenOptions {
  readonly as?: Role;
  readonly width?: number;
  readonly dark?: boolean;
}

/** A page of the console, and what it should not have done. */
export interface OpenPage {
  readonly page: Page;
  readonly complaints: readonly string[];
}

export type LiveStage = Awaited<ReturnType<typeof liveStage>>;

/** The stack as `npm start` boots it, with a scripted provider behind it and a browser in front. */
export async function liveStage() {
  const root = makeProject();
  const pack = join(root, 'pack.yaml');
  writeFileSync(pack, readFileSync('policies/packs/dify.yaml', 'utf8') + OVERSIGHT);
  const upstream = await startUpstream();
  const environment = { OPENAI_BASE_URL: upstream.url, OPENAI_API_KEY: 'sk-of-the-provider' };
  const stack = await startStack(root, environment, ['--policy-config', pack]);
  const browser = await launchBrowser();
  const { consoleUrl, gatewayUrl, apiKey, ...tokens } = stack.local;
  const origin = new URL(consoleUrl).origin;
  const { issuer } = (await (await fetch(`${origin}/api/config`)).json()) as { issuer: string };

  /** A view of the console; without `as` nobody is signed in. */
  async function open(view: string, { as, width = 1100, dark = false }: OpenOptions = {}): Promise<OpenPage> {
    const page = await browser.newPage({
      viewport: { width, height: 800 },
      colorScheme: dark ? 'dark' : 'light',
    });
    const complaints = watched(page, [origin, issuer]);
    if (as) {
      const token = tokens[`${as}Token`];
      await page.addInitScript(`sessionStorage.setItem('keeptrusts.console-token', '${token}')`);
    }
    await page.goto(`${origin}/#/${view}`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    return { page, complaints };
  }

  /** The official client with the key that `npm start` prints, or another one. */
  function client(key = apiKey, more: { fetch?: typeof fetch } = {}): OpenAI {
    return new OpenAI({ apiKey: key, baseURL: gatewayUrl, maxRetries: 0, ...more });
  }

  /** One call with a question; the id is the one that the console shows. */
  async function ask(content: string, key = apiKey): Promise<string> {
    const { response } = await client(key)
      .chat.completions.create({ model: 'gpt-4o', messages: [{ role: 'user', content }] })
      .withResponse();
    return response.headers.get('x-request-id') ?? '';
  }

  /** What the API of the console answers; with a body it is asked to change something. */
  async function api<T>(path: string, change?: { method: 'POST' | 'PATCH'; body: object }): Promise<T> {
    const response = await fetch(`${origin}${path}`, {
      method: change?.method ?? 'GET',
      headers: { authorization: `Bearer ${tokens.adminToken}`, 'content-type': 'application/json' },
      ...(change && { body: JSON.stringify(change.body) }),
    });
    if (!response.ok) throw new Error(`${path} answers ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  }

  async function close(): Promise<void> {
    await browser.close();
    await stack.stop();
    await upstream.close();
    removeProject(root);
  }
  return { origin, issuer, local: stack.local, upstream, browser, open, client, ask, api, close };
}
