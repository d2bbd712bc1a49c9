import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import OpenAI from 'openai';
import type { LedgerEvent } from '#core/ledger/event.ts';
import { type FaultProxy, startFaultProxy } from '../support/fault-proxy.ts';
import { eventually, makeProject, removeProject, type Stack, startStack } from '../support/stack.ts';
import { awsOf } from '../support/stack-aws.ts';
import { type ScriptedUpstream, says, startUpstream } from '../support/upstream.ts';

jest.setTimeout(180_000);

const HELD = 'The severance payment is 40,000 euros.';
const EDITED = 'The payment is confidential.';
const DAY = 86_400;

let root: string;
let pack: string;
let upstream: ScriptedUpstream;
/** What the functions take for Step Functions. */
let stepFunctions: FaultProxy;
let stack: Stack;
let client: OpenAI;

beforeAll(async () => {
  root = makeProject();
  pack = join(root, 'my-pack.yaml');
  writeFileSync(pack, packWith({ timeout_seconds: DAY }));
  upstream = await startUpstream(says(HELD));
  stepFunctions = await startFaultProxy(() => stack.local.awsEndpoint);
  await boot();
});

afterAll(async () => {
  await stack?.stop();
  await stepFunctions?.close();
  await upstream?.close();
  if (root) removeProject(root);
});

async function boot(): Promise<void> {
  stack = await startStack(
    root,
    {
      OPENAI_BASE_URL: upstream.url,
      OPENAI_API_KEY: 'sk-canary-of-the-reviews-0123456789',
      KT_AWS_ENDPOINT_URL_SFN: stepFunctions.url,
    },
    ['--policy-config', pack],
  );
  client = new OpenAI({ apiKey: stack.local.apiKey, baseURL: stack.local.gatewayUrl, maxRetries: 0 });
}

function packWith(settings: object): string {
  const oversight = JSON.stringify({ terms: ['severance'], ...settings });
  return `${readFileSync('policies/packs/dify.yaml', 'utf8')}  human-oversight: ${oversight}\n`;
}

/** The text a client gets, and the id of the call. */
async function ask(content: string): Promise<{ text: string; id: string }> {
  const { data, response } = await client.chat.completions
    .create({ model: 'gpt-4o', messages: [{ role: 'user', content }] })
    .withResponse();
  return {
    text: data.choices[0]?.message.content ?? '',
    id: response.headers.get('x-request-id') ?? '',
  };
}

async function hold(content: string): Promise<string> {
  const { text, id } = await ask(content);
  expect(text).toMatch(/waiting for a person/);
  return id;
}

async function api<T>(path: string, body?: object): Promise<T> {
  const headers = {
    authorization: `Bearer ${stack.local.reviewerToken}`,
    'content-type': 'application/json',
  };
  const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
  return (await (await fetch(`${stack.local.consoleUrl}${path}`, { ...init, headers })).json()) as T;
}

const decide = (id: string, decision: object) =>
  api<{ error?: { code: string } }>(`/api/reviews/${id}/decide`, { reason: 'looked at it', ...decision });

async function queue(): Promise<string[]> {
  const { reviews } = await api<{ reviews: { id: string }[] }>('/api/reviews?state=open');
  return reviews.map(({ id }) => id);
}

/** How often each kind of event of a case is in the ledger, once `last` is there. */
function tallyOf(id: string, last: LedgerEvent['type']): Promise<Record<string, number>> {
  return eventually(async () => {
    const { events } = await api<{ events: LedgerEvent[] }>(`/api/events/${id}`);
    const tally: Record<string, number> = {};
    for (const { type } of events) if (type.startsWith('review.')) tally[type] = (tally[type] ?? 0) + 1;
    return tally[last] === undefined ? undefined : tally;
  });
}

const closed = (id: string) =>
  eventually(async () => {
    const execution = await awsOf(root, stack).execution(id);
    return execution && execution.status !== 'RUNNING' ? execution.status : undefined;
  });

/** The sweeper's schedule is a minute: run it every second until it has done its part. */
async function sweepUntil(isDone: () => Promise<boolean>): Promise<void> {
  await eventually(async () => {
    await awsOf(root, stack).invoke('sweeper');
    return (await isDone()) || undefined;
  }, 60_000);
}

describe('kill -9 of the whole stack', () => {
  test('a held answer is still in the queue, can be decided, and is what a repeat gets', async () => {
    const id = await hold('How much, over the kill?');

    await stack.kill();
    await boot();

    expect(await queue()).toContain(id);
    expect((await ask('How much, over the kill?')).text).toMatch(/waiting for a person/);
    await decide(id, { state: 'edited', text: EDITED });
    expect(await closed(id)).toBe('SUCCEEDED');
    expect((await ask('How much, over the kill?')).text).toBe(EDITED);
    expect(await tallyOf(id, 'review.released')).toEqual({ 'review.decided': 1, 'review.released': 1 });
  });

  test('between a decision and its callback loses neither: the machine hears of it afterwards, once', async () => {
    const id = await hold('How much, before the callback?');
    await eventually(async () => (await awsOf(root, stack).execution(id)) || undefined);
    stepFunctions.fault = 'error';
    await decide(id, { state: 'edited', text: EDITED });
    expect((await ask('How much, before the callback?')).text).toBe(EDITED);

    await stack.kill();
    stepFunctions.fault = 'none';
    await boot();

    expect((await awsOf(root, stack).execution(id))?.status).toBe('RUNNING');
    expect((await ask('How much, before the callback?')).text).toBe(EDITED);
    await sweepUntil(async () => (await awsOf(root, stack).execution(id))?.status !== 'RUNNING');
    expect(await closed(id)).toBe('SUCCEEDED');
    expect(await decide(id, { state: 'rejected' })).toMatchObject({ error: { code: 'already_decided' } });
    expect(await tallyOf(id, 'review.released')).toEqual({ 'review.decided': 1, 'review.released': 1 });
  });
});
