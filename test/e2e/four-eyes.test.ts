import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import OpenAI from 'openai';
import type { LedgerEvent } from '#core/ledger/event.ts';
import { eventually, makeProject, removeProject, type Stack, startStack } from '../support/stack.ts';
import { awsOf } from '../support/stack-aws.ts';
import { type ScriptedUpstream, says, startUpstream } from '../support/upstream.ts';

/** A held request, then its held answer, each decided by two people on the synthesized stack while the client waits. */

jest.setTimeout(180_000);

const HELD = 'The severance payment is 40,000 euros.';
const EDITED = 'The payment is confidential.';

interface Review {
  readonly id: string;
  readonly state: string;
  readonly phase: string;
  readonly answer: string;
  readonly text_sha256: string;
  readonly approvals: readonly { by: string }[];
}

let root: string;
let upstream: ScriptedUpstream;
let stack: Stack;

beforeAll(async () => {
  root = makeProject();
  const pack = join(root, 'my-pack.yaml');
  const oversight = JSON.stringify({ terms: ['severance'], required_approvals: 2, wait_seconds: 100 });
  const text = readFileSync('policies/packs/dify.yaml', 'utf8')
    .replace('{ action: block }', '{ action: escalate, attack_patterns: [project hedgehog] }')
    .concat(`  human-oversight: ${oversight}\n`);
  writeFileSync(pack, text);
  upstream = await startUpstream(says(HELD));
  const env = { OPENAI_BASE_URL: upstream.url, OPENAI_API_KEY: 'sk-canary-of-four-eyes-0123456789' };
  stack = await startStack(root, env, ['--policy-config', pack]);
});

afterAll(async () => {
  await stack?.stop();
  await upstream?.close();
  if (root) removeProject(root);
});

async function api<T>(token: string, path: string, body?: object): Promise<T> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
  const response = await fetch(`${stack.local.consoleUrl}${path}`, { ...init, headers });
  return (await response.json()) as T;
}

const asReviewer = <T>(path: string, body?: object) => api<T>(stack.local.reviewerToken, path, body);
const asAdmin = <T>(path: string, body?: object) => api<T>(stack.local.adminToken, path, body);

/** The case of that phase, once it waits. */
function waiting(phase: string): Promise<Review> {
  return eventually(async () => {
    const { reviews } = await asReviewer<{ reviews: Review[] }>('/api/reviews?state=open');
    return reviews.find((review) => review.phase === phase);
  }, 60_000);
}

async function streamed(content: string): Promise<string> {
  const { apiKey, gatewayUrl: baseURL } = stack.local;
  const client = new OpenAI({ apiKey, baseURL, maxRetries: 0 });
  const messages = [{ role: 'user' as const, content }];
  let text = '';
  for await (const chunk of await client.chat.completions.create({ model: 'gpt-4o', messages, stream: true }))
    text += chunk.choices[0]?.delta.content ?? '';
  return text;
}

const decide = (id: string) => `/api/reviews/${id}/decide`;

test('a request and its answer are each let through by two people, and the client that waited gets what they agreed on', async () => {
  const client = streamed('Tell ann@example.com about project hedgehog.');

  const request = await waiting('input');
  expect((await asReviewer<Review>(`/api/reviews/${request.id}`)).answer).not.toContain('ann@example.com');
  const approve = { state: 'approved', reason: 'harmless' };
  expect(await asReviewer(decide(request.id), approve)).toMatchObject({ state: 'open', phase: 'input' });
  expect(await asReviewer(decide(request.id), { ...approve, reason: 'and again' })).toMatchObject({
    error: { code: 'already_approved' },
  });
  expect(upstream.calls).toHaveLength(0);
  expect(await asAdmin(decide(request.id), approve)).toMatchObject({ state: 'approved' });

  const answer = await waiting('output');
  const edit = { state: 'edited', reason: 'confidential', text: EDITED };
  expect(await asReviewer(decide(answer.id), edit)).toMatchObject({
    state: 'open',
    approvals: [{ state: 'edited' }],
  });
  expect(await asAdmin(decide(answer.id), approve)).toMatchObject({ error: { code: 'text_changed' } });
  const { text_sha256 } = await asAdmin<Review>(`/api/reviews/${answer.id}`);
  expect(await asAdmin(decide(answer.id), { ...approve, text_sha256 })).toMatchObject({ state: 'edited' });

  expect(await client).toBe(EDITED);
  expect(upstream.calls).toHaveLength(1);
  expect(upstream.calls[0]?.text).not.toContain('ann@example.com');
  await expectRecorded(request.id, answer.id);
});

/** Under the id of the one call: its one final event, and each step of both cases. */
async function expectRecorded(requestId: string, answerId: string): Promise<void> {
  const events = await eventually(async () => {
    const found = await asAdmin<{ events: LedgerEvent[] }>(`/api/events/${requestId}`);
    const released = found.events.filter(({ type }) => type === 'review.released');
    const ended = found.events.some(({ type }) => type.startsWith('request.'));
    return ended && released.length === 2 ? found.events : undefined;
  }, 60_000);
  const calls = events.filter(({ type }) => type.startsWith('request.'));
  expect(calls).toMatchObject([{ type: 'request.completed', verdict: 'escalated', review_id: answerId }]);
  for (const id of [requestId, answerId]) {
    const types = events
      .filter((event) => event !== calls[0] && event.review_id === id)
      .map(({ type }) => type);
    const steps = types.filter((type) => type.startsWith('review.')).sort();
    expect(steps).toEqual(['review.approved', 'review.decided', 'review.released']);
    const { status } = (await awsOf(root, stack).execution(id)) ?? {};
    expect(status).toBe('SUCCEEDED');
  }
}
