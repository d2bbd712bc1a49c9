import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import OpenAI from 'openai';
import type { LedgerEvent } from '#core/ledger/event.ts';
import { type Fault, type FaultProxy, startFaultProxy } from '../support/fault-proxy.ts';
import { eventually, makeProject, removeProject, type Stack, startStack } from '../support/stack.ts';
import { awsOf } from '../support/stack-aws.ts';
import { type ScriptedUpstream, says, startUpstream } from '../support/upstream.ts';

jest.setTimeout(180_000);

const HELD = 'The severance payment is 40,000 euros.';
const EDITED = 'The payment is confidential.';
const PENDING = /waiting for a person/;

/** The least there is; what expires is held at the very beginning and looked at by the last tests. */
const EXPIRING = {
  reject: { timeout_seconds: 60, on_timeout: 'reject' },
  release: { timeout_seconds: 60, on_timeout: 'release' },
  stopped: { timeout_seconds: 61, on_timeout: 'release' },
};
const LASTING = { timeout_seconds: 86_400 };

let root: string;
let pack: string;
let upstream: ScriptedUpstream;
/** What the functions take for Step Functions. */
let stepFunctions: FaultProxy;
let stack: Stack;
let client: OpenAI;
/** The case of each question that was held. */
const cases = new Map<string, string>();
/** Everything the stack printed, answered to a client or answered to the console. */
const shown: string[] = [];

/** A day in the life: answers are held, one is decided while Step Functions is down, and the whole stack is killed. */
beforeAll(async () => {
  root = makeProject();
  pack = join(root, 'my-pack.yaml');
  writeFileSync(pack, packWith(LASTING));
  upstream = await startUpstream(says(HELD));
  stepFunctions = await startFaultProxy(() => stack.local.awsEndpoint);
  await boot();
  await usePack(EXPIRING.reject);
  await hold('Never answered: reject');
  await usePack(EXPIRING.release);
  await hold('Never answered: release');
  await usePack(EXPIRING.stopped);
  await awsOf(root, stack).stop(await hold('Never answered: stopped'));
  await usePack(LASTING);
  await hold('Over the kill?');

  const decided = await hold('Decided, then killed?');
  await eventually(async () => awsOf(root, stack).execution(decided));
  stepFunctions.faultOf = () => 'error';
  await decide(decided, { state: 'edited', text: EDITED });
  await stack.kill();
  stepFunctions.faultOf = () => 'none';
  shown.push(stack.output());
  await boot();
});

afterAll(async () => {
  await stack?.stop();
  await stepFunctions?.close();
  await upstream?.close();
  if (root) removeProject(root);
});

async function boot(): Promise<void> {
  const env = {
    OPENAI_BASE_URL: upstream.url,
    OPENAI_API_KEY: 'sk-canary-of-the-reviews-0123456789',
    KT_AWS_ENDPOINT_URL_SFN: stepFunctions.url,
  };
  stack = await startStack(root, env, ['--policy-config', pack]);
  client = new OpenAI({ apiKey: stack.local.apiKey, baseURL: stack.local.gatewayUrl, maxRetries: 0 });
}

/** Writes the pack and waits until it is the active one. A held answer is bound to the pack that held it. */
async function usePack(settings: object): Promise<void> {
  const seen = stack.output().length;
  writeFileSync(pack, packWith(settings));
  await eventually(async () => /is active/.test(stack.output().slice(seen)) || undefined, 20_000);
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
  shown.push(JSON.stringify([data, [...response.headers]]));
  return {
    text: data.choices[0]?.message.content ?? '',
    id: response.headers.get('x-request-id') ?? '',
  };
}

/** The text, streamed or not. */
async function textOf(content: string, stream: boolean): Promise<string> {
  if (!stream) return (await ask(content)).text;
  let text = '';
  const messages = [{ role: 'user' as const, content }];
  for await (const chunk of await client.chat.completions.create({ model: 'gpt-4o', messages, stream }))
    text += chunk.choices[0]?.delta.content ?? '';
  shown.push(text);
  return text;
}

async function hold(question: string): Promise<string> {
  const { text, id } = await ask(question);
  expect(text).toMatch(PENDING);
  cases.set(question, id);
  return id;
}

async function api<T>(path: string, body?: object): Promise<T> {
  const headers = {
    authorization: `Bearer ${stack.local.reviewerToken}`,
    'content-type': 'application/json',
  };
  const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
  const response = await fetch(`${stack.local.consoleUrl}${path}`, { ...init, headers });
  const text = await response.text();
  shown.push(text);
  return JSON.parse(text) as T;
}

const decide = (id: string, decision: object) =>
  api<object>(`/api/reviews/${id}/decide`, { reason: 'looked at it', ...decision });

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

const RELEASED = { 'review.decided': 1, 'review.released': 1 };

const execution = (id: string) => awsOf(root, stack).execution(id);

const closed = (id: string) =>
  eventually(async () => {
    const found = await execution(id);
    return found && found.status !== 'RUNNING' ? found.status : undefined;
  }, 90_000);

/** The sweeper's schedule is a minute: run it until it has done its part. */
async function sweepUntil(isDone: () => Promise<boolean>): Promise<void> {
  await eventually(async () => {
    await awsOf(root, stack).invoke('sweeper');
    return (await isDone()) || undefined;
  }, 60_000);
}

describe('kill -9 of the whole stack', () => {
  test('a held answer is still in the queue, can be decided, and is what a repeat gets', async () => {
    const question = 'Over the kill?';
    const id = cases.get(question) ?? '';
    expect(await queue()).toContain(id);
    expect((await ask(question)).text).toMatch(PENDING);

    await api(`/api/reviews/${id}/claim`, {});
    await decide(id, { state: 'edited', text: EDITED });

    expect(await closed(id)).toBe('SUCCEEDED');
    expect(await textOf(question, false)).toBe(EDITED);
    expect(await textOf(question, true)).toBe(EDITED);
    expect(await tallyOf(id, 'review.released')).toEqual({ ...RELEASED, 'review.claimed': 1 });
  });

  test('between a decision and its callback: a repeat gets the decided text, the machine still waits', async () => {
    const question = 'Decided, then killed?';

    expect((await ask(question)).text).toBe(EDITED);
    expect((await execution(cases.get(question) ?? ''))?.status).toBe('RUNNING');
  });
});

describe('Step Functions down when answers are held', () => {
  const FAULTS = ['refused', 'error', 'silent', 'lost'] as const;
  const questions = FAULTS.map((_, nth) => `While it is down? (${nth})`);

  test('nothing is released, each case is opened when it is back, decided once and closed', async () => {
    stepFunctions.faultOf = faultPerCase(FAULTS);

    const refusals = await Promise.all(questions.map((question) => ask(question).catch((error) => error)));
    shown.push(...refusals.map(({ message, error }) => JSON.stringify([message, error])));
    const repeats = await Promise.all(questions.map((question) => ask(question)));

    for (const refusal of refusals) {
      expect(refusal).toBeInstanceOf(OpenAI.APIError);
      expect(refusal).toMatchObject({ status: 503, code: 'review_unavailable' });
    }
    expect(repeats.map(({ text }) => PENDING.test(text))).toEqual([true, true, true, true]);
    const ids = refusals.map(({ headers }) => (headers as Headers).get('x-request-id') ?? '');
    expect(await queue()).toEqual(expect.arrayContaining(ids));

    stepFunctions.faultOf = () => 'none';
    await sweepUntil(async () => (await Promise.all(ids.map(execution))).every(Boolean));
    for (const [nth, id] of ids.entries()) {
      const state = nth % 2 === 0 ? 'approved' : 'rejected';
      expect(await decide(id, { state })).not.toHaveProperty('error');
      expect(await closed(id)).toBe('SUCCEEDED');
      const { text } = await ask(questions[nth] ?? '');
      if (state === 'approved') expect(text).toBe(HELD);
      else expect(text).not.toContain('40,000');
      expect(await tallyOf(id, 'review.decided')).toMatchObject({ 'review.decided': 1 });
    }
  });

  test('at the callback: the machine is told until it heard, the decision stands and is recorded once', async () => {
    const id = cases.get('Decided, then killed?') ?? '';

    await sweepUntil(async () => (await execution(id))?.status !== 'RUNNING');

    expect(await closed(id)).toBe('SUCCEEDED');
    expect(await decide(id, { state: 'rejected' })).toMatchObject({ error: { code: 'already_decided' } });
    expect(await tallyOf(id, 'review.released')).toEqual(RELEASED);
  });
});

/** Every case of its own has a fault of its own, in the order in which they come. */
function faultPerCase(faults: readonly Fault[]): FaultProxy['faultOf'] {
  const seen = new Map<string, Fault>();
  return (body) => {
    const { name = '' } = JSON.parse(body) as { name?: string };
    const fault = seen.get(name) ?? faults[seen.size] ?? 'error';
    seen.set(name, fault);
    return fault;
  };
}

test.each([false, true])(
  'an approval is bound to the request: one byte changed is another case (stream: %s)',
  async (stream) => {
    const question = `What does number 4711 get? (${stream})`;
    const id = await hold(question);
    await decide(id, { state: 'approved' });
    expect(await textOf(question, stream)).toBe(HELD);

    for (const changed of [question.replace('4711', '4712'), `${question} `, question.slice(0, -1)])
      expect(await textOf(changed, stream)).toMatch(PENDING);

    expect(await textOf(question, stream)).toBe(HELD);
  },
);

describe('never answered', () => {
  test('its machine stopped by hand: the sweeper closes it after its time', async () => {
    const id = cases.get('Never answered: stopped') ?? '';

    await sweepUntil(async () => 'decision' in (await api<object>(`/api/reviews/${id}`)));

    const late = await lateness(id);
    expect(late).toBeGreaterThanOrEqual(0);
    expect(late).toBeLessThan(30_000);
    expect(await tallyOf(id, 'review.released')).toEqual({ 'review.expired': 1, 'review.released': 1 });
  });

  test.each([
    ['reject', /decided not to release/, { 'review.expired': 1 }],
    ['release', /40,000 euros/, { 'review.expired': 1, 'review.released': 1 }],
  ] as const)(
    '%s: its machine closes it at its time, also over a kill of the stack',
    async (onTimeout, text, tally) => {
      const id = cases.get(`Never answered: ${onTimeout}`) ?? '';

      expect(await closed(id)).toBe('SUCCEEDED');

      const late = await lateness(id);
      expect(late).toBeGreaterThanOrEqual(-1000);
      expect(late).toBeLessThan(10_000);
      await usePack(EXPIRING[onTimeout]);
      expect((await ask(`Never answered: ${onTimeout}`)).text).toMatch(text);
      expect(await tallyOf(id, onTimeout === 'release' ? 'review.released' : 'review.expired')).toEqual(
        tally,
      );
    },
  );
});

/** Milliseconds from the due time of an expired case to its decision. */
async function lateness(id: string): Promise<number> {
  const { due_at, decision } = await api<{ due_at: string; decision: { state: string; at: string } }>(
    `/api/reviews/${id}`,
  );
  expect(decision).toMatchObject({ state: 'expired', by: 'system' });
  return Date.parse(decision.at) - Date.parse(due_at);
}

test('a callback token is in no answer, log, event, table row or output but the one row that is its place', async () => {
  const aws = awsOf(root, stack);
  const tables = await aws.tables();
  const items = (await Promise.all(tables.map(aws.items))).flat();
  const isToken = ({ pk }: Record<string, unknown>) => String(pk).startsWith('REVT#');
  const tokens = items.filter(isToken).map(({ token }) => String(token));
  expect(tokens.length).toBeGreaterThanOrEqual(10);
  // The one who resumes has it: what is looked for is found where it is.
  expect(
    tokens.filter((token) => stepFunctions.asked.some((body) => has(body, token))).length,
  ).toBeGreaterThan(5);

  const ids = items.filter(isToken).map(({ pk }) => String(pk).slice('REVT#'.length));
  for (const id of ids) for (const path of ['events', 'reviews']) await api(`/api/${path}/${id}`);
  for (const state of ['open', 'claimed', 'approved', 'edited', 'rejected', 'expired'])
    await api(`/api/reviews?state=${state}`);
  for (const path of [
    'events?limit=200',
    'overview',
    'health',
    'policies',
    'spend',
    'budgets',
    'apps',
    'keys',
    'me',
  ])
    await api(`/api/${path}`);
  const folder = join(root, '.kt/logs');
  const logs = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
  const executions = await Promise.all(ids.map(aws.execution));

  const seen = [
    ...shown,
    ...logs,
    stack.output(),
    readFileSync(join(root, '.kt/local.json'), 'utf8'),
    ...items.filter((item) => !isToken(item)).map((item) => JSON.stringify(item)),
    ...executions.map((execution) => JSON.stringify(execution)),
  ];
  expect(logs.join('')).toContain('a review callback was lost');
  expect(
    seen.filter((text) => tokens.some((token) => has(text, token))).map((text) => text.slice(0, 80)),
  ).toEqual([]);
});

/** Whole or cut, as it is or in an address. */
function has(text: string, token: string): boolean {
  const start = token.slice(0, 24);
  return [start, encodeURIComponent(start)].some((form) => text.includes(form));
}
