import { afterEach, expect, test } from '@jest/globals';
import OpenAI from 'openai';
import type { Budget } from '#core/budget/budget.ts';
import { GatewayError } from '#core/errors.ts';
import type { Intent, NoRoom } from '#core/ports.ts';
import { sampleRow } from '../contracts/sample-records.ts';
import { chat, startGateway, type TestGateway, type TestOptions } from '../support/gateway.ts';
import { eventually } from '../support/stack.ts';
import { says } from '../support/upstream.ts';

let gateway: TestGateway;
afterEach(() => gateway.close());

const budget = (over: Partial<Budget> = {}): Budget => ({
  monthlyMicros: 1_000_000,
  warnAt: [80],
  onExceed: 'block',
  unknownPrice: 'refuse',
  maxTokens: 300,
  ...over,
});
const clock = { now: () => Date.parse('2026-10-31T23:59:59.000Z') };
const MONTH = 'app/hr-bot@2026-10';

const PACK = `
pack: { name: p, version: "1" }
providers:
  targets:
    - { id: a, provider: openai, model: gpt-4o, secret_key_ref: { env: K } }
    - { id: b, provider: openai, model: small, secret_key_ref: { env: K }, price: { input: 0.1, output: 0.2 } }
    - { id: c, provider: openai, model: own, secret_key_ref: { env: K }, price: { input: 0, output: 0 } }
    - { id: d, provider: openai, model: nobody-knows, secret_key_ref: { env: K } }
policies: { chain: [audit-logger] }
`;

/** A gateway whose intent log gives these answers in turn, then takes everything. */
async function start(over: Partial<Budget>, answers: (NoRoom | Error)[] = [], more: TestOptions = {}) {
  const opened: Intent[] = [];
  const open = async (intent: Intent) => {
    opened.push(intent);
    const answer = answers.shift();
    if (answer instanceof Error) throw answer;
    return answer;
  };
  gateway = await startGateway({
    pack: PACK,
    app: { budget: budget(over) },
    ...more,
    ports: { intents: { open }, clock, ...more.ports },
  });
  return { ...gateway, opened };
}
const full = (used = 999_000): NoRoom => ({ full: [{ id: MONTH, spentMicros: used, usedMicros: used }] });

test('a call sets its worst case aside on the month in which it began, with its intent', async () => {
  const { post, opened, stored } = await start({});

  await (await post(chat('hi', { max_tokens: 100 }))).text();

  const [intent] = opened;
  expect(intent?.hold?.accounts).toEqual([{ id: MONTH, limit_micros: 1_000_000, warn_at: [80, 100] }]);
  // 100 tokens of output at $10 per million, and at least a token of input at $2.50.
  expect(intent?.hold?.reserved_micros).toBeGreaterThan(1000);
  expect(intent?.worstCaseMicros).toBe(intent?.hold?.reserved_micros);
  const [event] = await stored(1);
  expect(event?.budget).toEqual(intent?.hold);
  expect(event?.cost.micros).toBeLessThan(intent?.hold?.reserved_micros ?? 0);
});

test('the provider is told a limit where the client sets none', async () => {
  const { post, upstream } = await start({});

  await (await post(chat('hi'))).text();
  await (await post(chat('hi', { max_tokens: 7 }))).text();

  expect(upstream.calls.map(({ body }) => body['max_completion_tokens'] ?? body['max_tokens'])).toEqual([
    300, 7,
  ]);
});

test('without a budget no limit is added', async () => {
  gateway = await startGateway();

  await (await gateway.post(chat('hi'))).text();

  expect(gateway.upstream.calls[0]?.body).not.toHaveProperty('max_completion_tokens');
  expect(gateway.intents[0]).not.toHaveProperty('hold');
});

test('a full budget is a 429 that no client tries again, says what is left and when it begins anew', async () => {
  const { url, apiKey, upstream, stored, opened } = await start({}, [full(), full(), full()]);
  const client = new OpenAI({ apiKey, baseURL: `${url}/v1`, maxRetries: 2 });

  const failure = await client.chat.completions
    .create(chat('hi', { max_tokens: 200 }) as never)
    .catch((error: unknown) => error as InstanceType<typeof OpenAI.APIError>);

  expect(failure).toMatchObject({ status: 429, code: 'budget_exceeded', type: 'insufficient_quota' });
  expect(String(failure)).toMatch(/monthly budget of this app has \$0\.001 of \$1\.00 left/);
  expect(String(failure)).toContain('2026-11-01T00:00:00.000Z');
  expect(opened).toHaveLength(1);
  expect(upstream.calls).toHaveLength(0);
  const [event] = await stored(1);
  expect(event).toMatchObject({
    type: 'request.refused',
    error_code: 'budget_exceeded',
    cost: { micros: 0 },
    budget: { reserved_micros: 0, full: [MONTH] },
  });
});

test('a full budget that falls back calls the cheaper model and says so', async () => {
  const { post, upstream, stored, opened } = await start({ onExceed: 'downgrade:small' }, [full()]);

  const response = await post(chat('hi', { max_tokens: 200 }));

  expect(response.status).toBe(200);
  await response.text();
  expect(upstream.calls.map(({ body }) => body['model'])).toEqual(['small']);
  const [dear, cheap] = opened.map(({ hold }) => hold?.reserved_micros ?? 0);
  expect(cheap).toBeLessThan(dear ?? 0);
  const [event] = await stored(1);
  expect(event).toMatchObject({
    model_requested: 'gpt-4o',
    budget: { full: [MONTH], downgraded_to: 'small', reserved_micros: cheap },
  });
  // 20 tokens in at 0.1, 10 out at 0.2 dollars per million.
  expect(event?.cost.micros).toBe(4);
});

test('when there is no room for the cheaper model either, the call is refused', async () => {
  const { post, upstream } = await start({ onExceed: 'downgrade:small' }, [full(), full(1_000_000)]);

  expect((await post(chat('hi'))).status).toBe(429);
  expect(upstream.calls).toHaveLength(0);
});

test('a model that costs nothing passes a budget without touching it', async () => {
  const { post, opened } = await start({ monthlyMicros: 0 });

  expect((await post({ ...chat('hi'), model: 'own' })).status).toBe(200);
  expect(opened[0]?.hold?.reserved_micros).toBe(0);
});

test('an unknown price is refused with what to do about it', async () => {
  const { post, upstream, opened } = await start({});

  const response = await post({ ...chat('hi'), model: 'nobody-knows' });

  expect(response.status).toBe(403);
  expect(await response.json()).toMatchObject({
    error: { code: 'price_unknown', message: expect.stringContaining('unknown_price: pass') },
  });
  expect([upstream.calls.length, opened.length]).toEqual([0, 0]);
});

test('an unknown price passes where the budget says so, and stays unknown', async () => {
  const { post, stored } = await start({ unknownPrice: 'pass' });

  expect((await post({ ...chat('hi'), model: 'nobody-knows' })).status).toBe(200);
  expect((await stored(1))[0]?.cost.micros).toBeNull();
});

test('a budget that cannot be checked stops the call with a 503 that may be tried again', async () => {
  const busy = new GatewayError('budget_unavailable', 'busy', { retryAfterSeconds: 1 });
  const { post, upstream } = await start({}, [busy]);

  const response = await post(chat('hi'));

  expect(response.status).toBe(503);
  expect([response.headers.get('x-should-retry'), response.headers.get('retry-after')]).toEqual([
    'true',
    '1',
  ]);
  expect(upstream.calls).toHaveLength(0);
});

test('a pack that need not record still sets aside', async () => {
  const pack = `${PACK}audit: { mode: best_effort }\n`;
  const { post, opened } = await start({}, [], { pack });

  await (await post(chat('hi'))).text();

  expect(opened).toHaveLength(1);
});

test('the budget an environment declares holds for a key of its app', async () => {
  gateway = await startGateway({
    pack: PACK,
    declared: { budget: budget() },
    ports: { intents: { open: async () => full() }, clock },
  });

  expect((await gateway.post(chat('hi'))).status).toBe(429);
});

test('a budget that was stored for an app later wins over the declared one', async () => {
  const { post, opened } = await start({ monthlyMicros: 5_000_000 }, [], { declared: { budget: budget() } });

  await (await post(chat('hi'))).text();

  expect(opened[0]?.hold?.accounts[0]?.limit_micros).toBe(5_000_000);
});

test('a key holder sees spend, what is set aside, what is left and when it begins anew', async () => {
  const states = async (ids: readonly string[]) =>
    ids.map((id) => ({ id, spentMicros: 250_000, usedMicros: 300_000 }));
  const usage = async (from: string, to: string, appId?: string) => [row(from, appId, 10), row(to, appId, 5)];
  const { url, apiKey } = await start({}, [], { ports: { budgets: { states }, usage: { usage } } });

  const response = await fetch(`${url}/keeptrusts/usage`, { headers: { authorization: `Bearer ${apiKey}` } });

  expect(await response.json()).toEqual({
    as_of: '2026-10-31T23:59:59.000Z',
    app: { id: 'hr-bot', name: 'HR bot' },
    key: { id: 'key_1' },
    app_spend: {
      today: { calls: 1, input_tokens: 1, output_tokens: 2, cost_micros: 5, unpriced_calls: 0 },
      month: { calls: 2, input_tokens: 2, output_tokens: 4, cost_micros: 15, unpriced_calls: 0 },
    },
    budgets: [
      {
        of: 'app',
        period: 'month',
        limit_micros: 1_000_000,
        spent_micros: 250_000,
        reserved_micros: 50_000,
        left_micros: 700_000,
        on_exceed: 'block',
        resets_at: '2026-11-01T00:00:00.000Z',
      },
    ],
    limits: {
      app: { requests_per_minute: null, tokens_per_minute: null, concurrent: null },
      key: { requests_per_minute: null, tokens_per_minute: null, concurrent: null },
    },
  });
});

test('nobody sees usage without a key', async () => {
  const { url } = await start({});

  expect((await fetch(`${url}/keeptrusts/usage`)).status).toBe(401);
});

function row(day: string, appId = '', costMicros = 0) {
  return sampleRow({ appId, day, costMicros });
}

test('a downgrade to a model the pack lacks is a full budget for the client, and told to the operator', async () => {
  const lines: unknown[] = [];
  const log = { info: () => undefined, error: (...line: unknown[]) => void lines.push(line) };
  const { post, upstream } = await start({ onExceed: 'downgrade:gone' }, [full()], { ports: { log } });

  const response = await post(chat('hi'));

  expect(response.status).toBe(429);
  expect(await response.json()).toMatchObject({ error: { code: 'budget_exceeded' } });
  expect(upstream.calls).toEqual([]);
  expect(lines).toMatchObject([['budget.downgrade_unusable', { app: 'hr-bot', model: 'gone' }]]);
});

const TWO_TARGETS = `
pack: { name: p, version: "1" }
providers:
  targets:
    - { id: slow, provider: openai, model: gpt-4o, secret_key_ref: { env: K }, timeout_ms: 120 }
    - { id: next, provider: openai, model: gpt-4o, provider_model: gpt-4o-2024-11-20, secret_key_ref: { env: K } }
policies: { chain: [audit-logger] }
`;

test('a target that was given up may bill the call all the same: it counts beside the one that answered, and both were set aside', async () => {
  const { post, upstream, opened, stored } = await start({}, [], { pack: TWO_TARGETS });
  const answer = says('Paris');
  upstream.answer((call, response) =>
    upstream.calls.length === 1 ? new Promise(() => undefined) : answer(call, response),
  );

  expect((await post(chat('hi', { max_tokens: 100 }))).status).toBe(200);

  const reserved = opened[0]?.hold?.reserved_micros ?? 0;
  const [event] = await stored(1);
  expect(event?.attempts).toMatchObject([{ target: 'slow', error: 'provider_timeout' }, { target: 'next' }]);
  expect(event?.cost).toMatchObject({ reason: 'with the worst case of a call that was given up' });
  expect(event?.cost.micros).toBeGreaterThan(reserved / 2);
  expect(event?.cost.micros).toBeLessThanOrEqual(reserved);
});

test.each([false, true])(
  'a client that leaves before the answer begins pays the worst case (stream %s)',
  async (stream) => {
    const { url, apiKey, upstream, opened, stored } = await start({}, [], { options: { heartbeatMs: 20 } });
    upstream.answer(() => new Promise(() => undefined));
    const leave = new AbortController();
    const answer = fetch(`${url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify(chat('hi', { stream })),
      signal: leave.signal,
    })
      .then((response) => response.text())
      .catch((error: Error) => error.name);
    await eventually(async () => upstream.calls[0]);
    await new Promise((resolve) => setTimeout(resolve, 100));

    leave.abort();

    expect(await answer).toBe('AbortError');
    const [event] = await stored(1);
    expect(event).toMatchObject({
      type: 'request.client_aborted',
      cost: {
        micros: opened[0]?.hold?.reserved_micros,
        reason: 'with the worst case of a call that was given up',
      },
    });
  },
);
