import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import OpenAI from 'openai';
import type { BusEvent } from '../../lib/local-cloud/contract.ts';
import { type FaultProxy, startFaultProxy } from '../support/fault-proxy.ts';
import { eventually, makeProject, removeProject, type Stack, startStack } from '../support/stack.ts';
import { type ScriptedUpstream, says, startUpstream } from '../support/upstream.ts';

jest.setTimeout(180_000);

const HELD = 'The severance payment is 40,000 euros.';
const QUESTION = 'How much does the canary get?';

let root: string;
let upstream: ScriptedUpstream;
/** What the functions take for EventBridge. */
let bus: FaultProxy;
let stack: Stack;
let client: OpenAI;

/** The environment `dev`, its default app with a budget of a cent that tells at one percent of it. */
beforeAll(async () => {
  root = makeProject();
  const environment = join(root, 'environments/dev.yaml');
  const app = '    name: Everything that has no app of its own\n';
  const text = readFileSync(environment, 'utf8');
  expect(text).toContain(app);
  writeFileSync(environment, text.replace(app, `${app}    budget: { monthly: 0.01, warn_at: [1] }\n`));
  const pack = join(root, 'policies/packs/dify.yaml');
  const oversight = '  human-oversight: { terms: [severance], timeout_seconds: 600 }\n';
  writeFileSync(pack, `${readFileSync(pack, 'utf8')}${oversight}`);
  upstream = await startUpstream(says(HELD));
  bus = await startFaultProxy(() => stack.local.awsEndpoint);
  stack = await startStack(root, {
    OPENAI_BASE_URL: upstream.url,
    OPENAI_API_KEY: 'sk-of-nobody',
    KT_AWS_ENDPOINT_URL_EVENTBRIDGE: bus.url,
  });
  client = new OpenAI({ apiKey: stack.local.apiKey, baseURL: stack.local.gatewayUrl, maxRetries: 0 });
});

afterAll(async () => {
  await stack?.stop();
  await bus?.close();
  await upstream?.close();
  if (root) removeProject(root);
});

const ask = (content = QUESTION) =>
  client.chat.completions
    .create({ model: 'gpt-4o', max_tokens: 100, messages: [{ role: 'user', content }] })
    .withResponse();

function log(): string {
  return readFileSync(join(root, '.kt/logs/announcements.log'), 'utf8');
}

/** What the functions printed. */
function functionLogs(): string {
  const folder = join(root, '.kt/logs');
  return readdirSync(folder)
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('');
}

/** The announcements of one type, once there is one. */
function announced(type: string): Promise<BusEvent[]> {
  return eventually(async () => {
    if (!stack.output().includes(`announced ${type}`)) return undefined;
    const all = log()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as BusEvent);
    return all.filter((event) => event['detail-type'] === type);
  }, 20_000);
}

async function approve(id: string): Promise<void> {
  const decided = await fetch(`${stack.local.consoleUrl}/api/reviews/${id}/decide`, {
    method: 'POST',
    headers: { authorization: `Bearer ${stack.local.reviewerToken}`, 'content-type': 'application/json' },
    body: JSON.stringify({ state: 'approved', reason: 'the reason of the reviewer' }),
  });
  expect(decided.status).toBe(200);
}

test('a budget warning and a review arrive on the bus of the running stack, once each, and without content', async () => {
  // 20 tokens in and 10 out: 150 micro-dollars.
  const { response } = await ask();
  const id = response.headers.get('x-request-id') ?? '';

  const [request, ...more] = await announced('Review Requested');
  expect(more).toEqual([]);
  expect(request).toMatchObject({
    bus: 'kt-dev',
    source: 'keeptrusts',
    detail: {
      id: `${id}/requested`,
      review_id: id,
      app_id: 'default',
      environment: 'dev',
      on_timeout: 'reject',
    },
  });

  const warnings = await announced('Budget Warning');
  expect(warnings.map(({ detail }) => detail)).toMatchObject([
    { owner: 'app/default', percent: 1, limit_micros: 10_000, spent_micros: 150, environment: 'dev' },
  ]);

  await approve(id);
  expect(await announced('Review Decided')).toMatchObject([{ detail: { review_id: id, released: true } }]);

  expect(log()).not.toMatch(/severance payment|40,000|canary|the reason of the reviewer/);
  expect(log()).not.toContain(stack.local.apiKey);
  expect(stack.output()).toMatch(
    /announced Review Requested: An answer of gpt-4o for the app default is held/,
  );
});

test.each(['silent', 'error'] as const)(
  'a bus that is %s keeps no answer from being held, approved and served',
  async (fault) => {
    bus.faultOf = () => fault;
    const question = `How much, while the bus is ${fault}?`;
    const failures = () => functionLogs().split('"announcement failed"').length - 1;
    const before = failures();

    const { response } = await ask(question);
    await approve(response.headers.get('x-request-id') ?? '');
    const { data } = await ask(question);

    expect(data.choices[0]?.message.content).toBe(HELD);
    await eventually(async () => failures() > before || undefined, 30_000);
    expect(functionLogs()).not.toMatch(/severance payment|40,000/);
  },
);
