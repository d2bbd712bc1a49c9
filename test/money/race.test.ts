import { afterEach, expect, test } from '@jest/globals';
import { ulid } from 'ulid';
import { dynamoBudgetBook } from '#aws/dynamo-budget-book.ts';
import { createDocumentClient } from '#aws/dynamo-client.ts';
import { dynamoIntentLog } from '#aws/dynamo-intent-log.ts';
import { dynamoOpenCalls } from '#aws/dynamo-open-calls.ts';
import { createSqsClient } from '#aws/sqs-client.ts';
import { sqsEventSink } from '#aws/sqs-event-sink.ts';
import { sweepCalls } from '#aws/sweep-calls.ts';
import type { App } from '#core/app.ts';
import { formatKey, hashKey } from '#core/auth/app-key.ts';
import { Key } from '#core/auth/key.ts';
import type { Budget } from '#core/budget/budget.ts';
import { LedgerEvent } from '#core/ledger/event.ts';
import { originOf } from '#core/ledger/origin.ts';
import { compilePack } from '#core/pack/compile.ts';
import type { EventSink, Intent, IntentLog } from '#core/ports.ts';
import { createInputText } from '#core/text/build-views.ts';
import { createGateway } from '#gateway/app.ts';
import type { GatewayDeployment } from '#gateway/ports.ts';
import { catalogue } from '#policies/catalogue.ts';
import { type Cloud, freshCloud } from '../aws/cloud.ts';
import { recordQueue } from '../aws/drain-queue.ts';

const EMITTERS = 20;
const CALLS = 200;
const FIT = 57;
const PACK = `
pack: { name: p, version: "1" }
providers: [{ name: openai, model: m, secret_key_ref: { env: K }, base_url: "http://127.0.0.1:9/v1", price: { input: 1, output: 1 } }]
policies: { chain: [audit-logger] }
`;
const key = formatKey(crypto.getRandomValues(new Uint8Array(20)));
const MONTH = `app/bot@${new Date().toISOString().slice(0, 7)}`;
const QUIET = { info: () => undefined, error: () => undefined };
const clients: { destroy(): void }[] = [];
afterEach(() => {
  for (const client of clients.splice(0)) client.destroy();
});

/** What befalls a call; decided by its number, so that a run can be repeated. */
type Fate = 'served' | 'refused by the provider' | 'cut' | 'killed';
const FATES: readonly Fate[] = [
  'served',
  'refused by the provider',
  'served',
  'cut',
  'killed',
  'served',
  'served',
];
const fateOf = (number: number): Fate => FATES[number % FATES.length] ?? 'served';

function deploymentOf(budget: Budget): GatewayDeployment {
  const compiled = compilePack(PACK, 'race.yaml', catalogue);
  if ('problems' in compiled) throw new Error(JSON.stringify(compiled.problems));
  const { pack } = compiled;
  const one = { input: 1_000_000, cached_input: 1_000_000, cache_write: 1_000_000 };
  const price = { ...one, output: 1_000_000, reasoning: 1_000_000, audio: 1_000_000 };
  const prices = { version: 't', models: { 'openai/m': price } };
  return {
    environment: 'test',
    version: '0',
    pack,
    prices,
    costTags: {},
    apps: [{ id: 'bot', cost_center: 'c', budget }],
  };
}

/** A provider in the process: slow by chance, faulty as the fate of the call says. */
async function provider(_url: string, init: RequestInit): Promise<Response> {
  const { user } = JSON.parse(String(init.body)) as { user: string };
  await new Promise((resolve) => setTimeout(resolve, Math.random() * 40));
  const fate = fateOf(Number(user));
  if (fate === 'refused by the provider') return Response.json({ error: { message: 'no' } }, { status: 400 });
  if (fate === 'cut') throw new TypeError('fetch failed');
  const usage = { prompt_tokens: 5, completion_tokens: 1 + (Number(user) % 9), total_tokens: 0 };
  const choices = [{ index: 0, message: { role: 'assistant', content: 'ok' }, finish_reason: 'stop' }];
  return Response.json({ id: 'x', object: 'chat.completion', created: 1, model: 'm', choices, usage });
}

/** One execution environment: its own clients, its own emitter. A killed call never hands in its event. */
function emitter(cloud: Cloud, budget: Budget): App {
  const client = createDocumentClient(cloud.endpoint);
  const sqs = createSqsClient(cloud.endpoint);
  clients.push(client, sqs);
  const sink = sqsEventSink({ queueUrl: cloud.queueUrl, sqs, client, tables: cloud.tables, log: QUIET });
  const isKilled = ({ claims, type }: LedgerEvent) =>
    type !== 'request.refused' && fateOf(Number(claims?.['user_id'])) === 'killed';
  return gatewayOf(budget, dynamoIntentLog({ table: 'State', client, sqs, reserveMs: 60_000 }), {
    send: async (event) => (isKilled(event) ? new Promise(() => {}) : sink.send(event)),
  });
}

function gatewayOf(budget: Budget, intents: IntentLog, events: EventSink): App {
  const found = {
    app: { id: 'bot', name: 'Bot' },
    key: { id: 'key_1', appId: 'bot', prefix: '', name: '', createdAt: '' },
  };
  return createGateway(
    {
      clock: { now: Date.now },
      ids: { next: () => ulid() },
      keys: {
        findKey: async (hash) => (hash === hashKey(key) ? found : undefined),
        findToken: async () => undefined,
        appOfDify: async () => undefined,
      },
      secrets: { get: async () => new Key('sk') },
      intents,
      events,
      log: QUIET,
      fetch: provider,
    },
    {
      deployment: deploymentOf(budget),
      catalogue,
      buildInput: createInputText,
      emitterId: ulid(),
      tenantKey: async () => 't',
      acceptProviderKey: false,
      allowLoopbackTargets: true,
    },
  );
}

/** One client call; 503 is tried again, as clients do. Resolves with the status, for a killed one before its body ends. */
async function call(app: App, number: number): Promise<number> {
  const user = String(number).padStart(4, '0');
  for (let tries = 0; tries < 50; tries += 1) {
    const request = new Request('http://gateway/v1/chat/completions', {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', 'x-user-id': user },
      body: JSON.stringify({
        model: 'm',
        max_tokens: 40,
        user,
        messages: [{ role: 'user', content: 'hello' }],
      }),
    });
    const response = await app(request, { deadline: Date.now() + 60_000 });
    if (response.status === 503) continue;
    if (fateOf(number) !== 'killed' || response.status === 429) await response.text();
    return response.status;
  }
  throw new Error(`call ${number} got 503 again and again`);
}

/** What one of these calls sets aside: the same for all of them. */
async function worstOfOne(): Promise<number> {
  const seen: number[] = [];
  const open = async (intent: Intent) => {
    seen.push(intent.hold?.reserved_micros ?? 0);
    return { full: [] };
  };
  const app = gatewayOf(budgetOf(1e12), { open }, { send: async () => ({ tier: 'queue' }) });
  await call(app, 0).catch(() => undefined);
  return seen[0] ?? 0;
}

function budgetOf(monthlyMicros: number): Budget {
  return { monthlyMicros, warnAt: [], onExceed: 'block', unknownPrice: 'refuse', maxTokens: 100 };
}

/** The sweeper, an hour later. */
async function sweep(cloud: Cloud): Promise<void> {
  await sweepCalls({
    calls: dynamoOpenCalls({ table: 'State', client: cloud.client }),
    events: sqsEventSink({ queueUrl: cloud.queueUrl, sqs: cloud.sqs, client: cloud.client, log: QUIET }),
    ids: { next: () => ulid() },
    clock: { now: () => Date.now() + 3_600_000 },
    origin: originOf(deploymentOf(budgetOf(1))),
  });
  await recordQueue(cloud);
}

/** Cost of every event in the ledger that counts against the budget. */
async function costs(cloud: Cloud): Promise<number[]> {
  const events = (await cloud.items('Ledger')).flatMap(({ event }) =>
    event === undefined ? [] : [LedgerEvent.parse(JSON.parse(String(event)))],
  );
  return events.filter(({ type }) => type !== 'request.refused').map(({ cost }) => cost.micros ?? 0);
}

async function start(limit: number) {
  const cloud = await freshCloud();
  const apps = Array.from({ length: EMITTERS }, () => emitter(cloud, budgetOf(limit)));
  const book = dynamoBudgetBook({ table: 'State', client: cloud.client });
  const state = async () => (await book.states([MONTH]))[0] ?? { spentMicros: 0, usedMicros: 0 };
  const burst = () =>
    Promise.all(Array.from({ length: CALLS }, (_, i) => call(apps[i % EMITTERS] as App, i)));
  return { cloud, apps, state, burst };
}

test('of 200 calls at once from 20 emitters exactly 57 are let through by a budget for 57, and it is never overshot', async () => {
  const worst = await worstOfOne();
  const limit = FIT * worst + worst - 1;
  const { cloud, state, burst } = await start(limit);

  const statuses = await burst();

  expect(statuses.filter((status) => status !== 429)).toHaveLength(FIT);
  expect(await state()).toMatchObject({ spentMicros: 0, usedMicros: FIT * worst });

  await recordQueue(cloud);
  await sweep(cloud);
  const { spentMicros, usedMicros } = await state();
  expect(usedMicros).toBe(spentMicros);
  expect(spentMicros).toBe((await costs(cloud)).reduce((sum, micros) => sum + micros, 0));
}, 120_000);

test('while calls are settled as they end, spent and set aside never exceed the limit, and all of it is used', async () => {
  const worst = await worstOfOne();
  const limit = 20 * worst;
  const { cloud, apps, state, burst } = await start(limit);
  const seen: number[] = [];
  let running = true;
  const settling = (async () => {
    while (running) {
      await recordQueue(cloud);
      seen.push((await state()).usedMicros);
    }
  })();

  const statuses = await burst();
  running = false;
  await settling;
  await recordQueue(cloud);
  await sweep(cloud);

  expect(statuses.filter((status) => status !== 429).length).toBeGreaterThanOrEqual(20);
  expect(Math.max(...seen)).toBeLessThanOrEqual(limit);
  const after = await state();
  expect(after.usedMicros).toBe(after.spentMicros);
  expect(after.spentMicros).toBe((await costs(cloud)).reduce((sum, micros) => sum + micros, 0));

  // What was given back can be used: calls go through until less than one worst case is left.
  for (let number = 0; (await call(apps[0] as App, number * 7)) !== 429; number += 1)
    await recordQueue(cloud);
  expect(limit - (await state()).usedMicros).toBeLessThan(worst);
}, 120_000);
