import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Key } from '#core/auth/key.ts';
import { compilePack } from '#core/pack/compile.ts';
import { downgradeTargets } from '#gateway/routing/models.ts';
import { catalogue } from '#policies/catalogue.ts';
import { chat, readStream, startGateway, type TestGateway, type TestOptions } from '../support/gateway.ts';
import { json, type Script, type ScriptedUpstream, says, startUpstream } from '../support/upstream.ts';

let gateway: TestGateway;
let one: ScriptedUpstream;
let two: ScriptedUpstream;
beforeEach(async () => {
  [one, two] = await Promise.all([startUpstream(says('from one')), startUpstream(says('from two'))]);
});
afterEach(() => Promise.all([gateway.close(), one.close(), two.close()]));

interface Given extends TestOptions {
  readonly one?: string;
  readonly two?: string;
  readonly routing?: string;
  readonly top?: string;
}

/** A gateway with two targets of one model, each at its own provider. */
async function withTwo(given: Given = {}): Promise<void> {
  const target = (id: string, { url }: ScriptedUpstream, more = '') =>
    `    - { id: ${id}, provider: openai, model: gpt-4o, base_url: "${url}", secret_key_ref: { env: K }, timeout_ms: 300 ${more} }\n`;
  const pack = `pack: { name: p, version: "1" }
providers:
  targets:
${target('one', one, given.one)}${target('two', two, given.two)}  routing: { ${given.routing ?? 'strategy: ordered'} }
policies: { chain: [prompt-injection] }
${given.top ?? ''}`;
  gateway = await startGateway({ pack, ownUrls: true, ...given });
}

const status =
  (code: number, headers = {}): Script =>
  (_call, response) =>
    json(response, code, { error: { message: 'no' } }, headers);
const never: Script = () => new Promise(() => undefined);

async function ask(
  more: object = {},
): Promise<{ status: number; text: string; code: string; retryAfter: string | null }> {
  const response = await gateway.post(chat('hello', more));
  const retryAfter = response.headers.get('retry-after');
  if ('stream' in more && response.ok) {
    return { status: 200, text: (await readStream(response)).text, code: '', retryAfter };
  }
  const body = (await response.json()) as {
    error?: { code: string; message: string };
    choices?: { message: { content: string } }[];
  };
  const text = body.choices?.[0]?.message.content ?? body.error?.message ?? '';
  return { status: response.status, text, code: body.error?.code ?? '', retryAfter };
}

describe('fallback', () => {
  test.each([
    ['500', status(500)],
    ['429', status(429, { 'retry-after': '7' })],
    ['a redirect', status(307, { location: 'http://127.0.0.1:9/' })],
    ['silence', never],
    ['HTML', ((_call, response) => void response.writeHead(200).end('<html>')) as Script],
  ])('goes to the next target after %s', async (_what, script) => {
    await withTwo();
    one.answer(script);

    expect(await ask()).toMatchObject({ status: 200, text: 'from two' });

    expect((await gateway.stored(1))[0]).toMatchObject({
      type: 'request.completed',
      attempts: [{ target: 'one' }, { target: 'two', status: 200 }],
    });
  });

  test('goes to the next target when a stream ends before its first chunk', async () => {
    await withTwo();
    one.answer((_call, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(': hello\n\n');
      setTimeout(() => response.destroy(), 20);
    });

    expect(await ask({ stream: true })).toMatchObject({ text: 'from two' });
  });

  test('goes to the next target when the first chunk of a stream is late', async () => {
    await withTwo();
    one.answer((_call, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.flushHeaders();
    });

    expect(await ask({ stream: true })).toMatchObject({ text: 'from two' });
    expect((await gateway.stored(1))[0]?.attempts[0]).toMatchObject({ error: 'provider_timeout' });
  });

  test('does not happen for a request the provider rejects', async () => {
    await withTwo();
    one.answer(status(400));

    expect(await ask()).toMatchObject({ status: 400, code: 'provider_rejected' });
    expect(two.calls).toHaveLength(0);
  });

  test('ends after two provider calls', async () => {
    await withTwo();
    one.answer(status(500));
    two.answer(status(503, { 'retry-after': '3' }));

    expect(await ask()).toMatchObject({ status: 502, code: 'provider_error', retryAfter: '3' });
    expect([one.calls.length, two.calls.length]).toEqual([1, 1]);
  });

  test('passes over a target whose key is missing', async () => {
    await withTwo({
      ports: {
        secrets: { get: async (name) => (name === 'K' ? new Key('sk-k') : Promise.reject(new Error('no'))) },
      },
      one: ', weight: 1',
      routing: 'strategy: weighted',
      options: { random: () => 0 },
    });
    expect(await ask()).toMatchObject({ text: 'from one' });
  });
});

describe('the breaker', () => {
  const BREAKER = 'strategy: ordered, breaker: { failures: 3, open_seconds: 60 }';
  let now = 0;
  const clock = { now: () => now };
  beforeEach(() => {
    now = Date.parse('2026-11-28T10:00:00Z');
  });

  test('leaves a target alone that failed too often, and the event says so', async () => {
    await withTwo({ routing: BREAKER, ports: { clock } });
    one.answer(status(500));
    for (let call = 0; call < 4; call += 1) await ask();

    expect([one.calls.length, two.calls.length]).toEqual([3, 4]);
    const events = await gateway.stored(4);
    expect(events[3]?.attempts).toMatchObject([
      { target: 'one', status: null, error: 'circuit_open', ms: 0 },
      { target: 'two', status: 200 },
    ]);
    expect(gateway.lines.filter(({ message }) => message === 'circuit opened')).toHaveLength(1);
  });

  test('lets one call probe after its time, and closes when that is answered', async () => {
    await withTwo({ routing: BREAKER, ports: { clock } });
    one.answer(status(500));
    for (let call = 0; call < 3; call += 1) await ask();
    one.answer(async (call, response) => {
      await new Promise((resolve) => setTimeout(resolve, 100));
      return says('from one')(call, response);
    });
    now += 60_000;

    const answers = await Promise.all(Array.from({ length: 5 }, () => ask()));

    expect(answers.filter(({ text }) => text === 'from one')).toHaveLength(1);
    expect(answers.filter(({ text }) => text === 'from two')).toHaveLength(4);
    expect(await ask()).toMatchObject({ text: 'from one' });
  });

  test('stays open when the probe fails', async () => {
    await withTwo({ routing: BREAKER, ports: { clock } });
    one.answer(status(500));
    for (let call = 0; call < 3; call += 1) await ask();
    now += 60_000;
    for (let call = 0; call < 3; call += 1) await ask();

    expect(one.calls).toHaveLength(4);
  });

  test('gives 503 with the time to wait when every target is left alone', async () => {
    await withTwo({ routing: BREAKER, ports: { clock } });
    one.answer(status(500));
    two.answer(status(500));
    for (let call = 0; call < 3; call += 1) await ask();

    expect(await ask()).toMatchObject({ status: 503, code: 'provider_unavailable', retryAfter: '60' });
    expect((await gateway.stored(4))[3]).toMatchObject({ type: 'request.failed', cost: { micros: 0 } });
    expect([one.calls.length, two.calls.length]).toEqual([3, 3]);
  });

  test.each([400, 401, 429])('does not count status %i', async (code) => {
    await withTwo({ routing: BREAKER, ports: { clock } });
    one.answer(status(code));
    two.answer(status(code));
    for (let call = 0; call < 5; call += 1) await ask();

    expect(gateway.lines.filter(({ message }) => message === 'circuit opened')).toHaveLength(0);
  });

  test('counts streams that break off half-way', async () => {
    await withTwo({ routing: BREAKER, ports: { clock } });
    one.answer((_call, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(
        `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content: 'Half of it. ' } }] })}\n\n`,
      );
      setTimeout(() => response.destroy(), 10);
    });
    for (let call = 0; call < 3; call += 1) await ask({ stream: true });
    one.answer(says('from one'));

    expect(await ask({ stream: true })).toMatchObject({ text: 'from two' });
    expect((await gateway.stored(1))[0]?.attempts).toMatchObject([
      { status: 200, error: 'connection_reset' },
    ]);
  });
});

describe('the strategy', () => {
  test('ordered asks the first target', async () => {
    await withTwo();
    for (let call = 0; call < 5; call += 1) await ask();

    expect([one.calls.length, two.calls.length]).toEqual([5, 0]);
  });

  test('weighted divides the first calls by weight', async () => {
    let seed = 7;
    const random = () => {
      seed = (seed * 16_807) % 2_147_483_647;
      return seed / 2_147_483_647;
    };
    await withTwo({
      routing: 'strategy: weighted',
      one: ', weight: 3',
      two: ', weight: 1',
      options: { random },
    });
    for (let call = 0; call < 80; call += 1) await ask();

    expect(one.calls.length).toBeGreaterThan(48);
    expect(one.calls.length).toBeLessThan(72);
  });

  test('weighted asks a target of weight 0 only when the other fails', async () => {
    await withTwo({ routing: 'strategy: weighted', one: ', weight: 0' });
    for (let call = 0; call < 5; call += 1) expect((await ask()).text).toBe('from two');
    two.answer(status(500));

    expect((await ask()).text).toBe('from one');
  });

  test('latency asks every target once, then the fastest', async () => {
    await withTwo({ routing: 'strategy: latency', options: { random: () => 0.99 } });
    one.answer(async (call, response) => {
      await new Promise((resolve) => setTimeout(resolve, 80));
      return says('from one')(call, response);
    });
    const texts: string[] = [];
    for (let call = 0; call < 5; call += 1) texts.push((await ask()).text);

    expect(texts).toEqual(['from one', 'from two', 'from two', 'from two', 'from two']);
  });

  test('latency tries another target now and then', async () => {
    await withTwo({ routing: 'strategy: latency', options: { random: () => 0.01 } });
    one.answer(async (call, response) => {
      await new Promise((resolve) => setTimeout(resolve, 80));
      return says('from one')(call, response);
    });
    const texts: string[] = [];
    for (let call = 0; call < 4; call += 1) texts.push((await ask()).text);

    expect(texts).toEqual(['from one', 'from two', 'from one', 'from one']);
  });

  test('latency does not take a target that refuses at once for a fast one', async () => {
    await withTwo({ routing: 'strategy: latency', options: { random: () => 0.99 } });
    one.answer(status(500));
    for (let call = 0; call < 4; call += 1) await ask();

    expect([one.calls.length, two.calls.length]).toEqual([1, 4]);
  });

  test('a target that asked for a pause is tried after the others', async () => {
    await withTwo();
    one.answer(status(429, { 'retry-after': '30' }));
    for (let call = 0; call < 3; call += 1) expect((await ask()).text).toBe('from two');

    expect(one.calls).toHaveLength(1);
  });
});

test('a key that was changed is fetched anew after a 401', async () => {
  const keys = ['sk-old', 'sk-new'];
  const secrets = {
    get: async (_name: string, { refresh = false } = {}) => new Key(keys[refresh ? 1 : 0] ?? ''),
  };
  await withTwo({ ports: { secrets } });
  one.answer((call, response) =>
    call.headers.authorization === 'Bearer sk-new'
      ? says('welcome')(call, response)
      : status(401)(call, response),
  );

  expect(await ask()).toMatchObject({ status: 200, text: 'welcome' });
  expect((await gateway.stored(1))[0]?.attempts).toMatchObject([{ status: 401 }, { status: 200 }]);
});

describe('aliases', () => {
  const ALIAS = 'aliases: { fast: gpt-4o }\n';

  test('name a model', async () => {
    await withTwo({ top: ALIAS });

    expect(await ask({ model: 'fast' })).toMatchObject({ text: 'from one' });
    expect(one.calls[0]?.body).toMatchObject({ model: 'gpt-4o' });
    expect((await gateway.stored(1))[0]).toMatchObject({
      model_requested: 'fast',
      model_used: 'gpt-4o-2026',
    });
  });

  test.each([
    [['fast'], ['fast'], 200, 404],
    [['gpt-4o'], ['gpt-4o', 'fast'], 200, 200],
    [['other'], [], 404, 404],
  ])('with the allowed models %j list %j', async (models, listed, fast, plain) => {
    await withTwo({ top: ALIAS, app: { models } });
    const list = await gateway.client.models.list();

    expect(list.data.map(({ id }) => id)).toEqual(listed);
    expect((await ask({ model: 'fast' })).status).toBe(fast);
    expect((await ask({ model: 'gpt-4o' })).status).toBe(plain);
  });

  test('are named to whoever asks for an unknown model', async () => {
    await withTwo({ top: ALIAS, key: { models: ['fast'] } });

    expect(await ask({ model: 'gpt-9' })).toMatchObject({
      status: 404,
      code: 'model_not_allowed',
      text: expect.stringContaining('Allowed models: fast.'),
    });
  });

  test('and models an environment does not allow its app are refused', async () => {
    await withTwo({ top: ALIAS, apps: [{ id: 'hr-bot', cost_center: 'c', models: ['fast'] }] });

    expect([(await ask()).status, (await ask({ model: 'fast' })).status]).toEqual([404, 200]);
  });
});

describe('what is required of data', () => {
  const EU = ', data_policy: { zero_data_retention: true, region: eu-central-1 }';

  test('keeps a target that does not promise it from being used, also as fallback', async () => {
    await withTwo({ two: EU, top: 'requires: { zero_data_retention: true, region: [eu] }' });
    two.answer(status(500));

    expect(await ask()).toMatchObject({ status: 502 });
    expect([one.calls.length, two.calls.length]).toEqual([0, 2]);
  });

  test('refuses the call of an app no target complies with', async () => {
    const apps = [{ id: 'hr-bot', cost_center: 'c', requires: { training_opt_out: true } }];
    await withTwo({ two: EU, apps });

    expect(await ask()).toMatchObject({
      status: 403,
      code: 'data_policy_unmet',
      text: expect.stringContaining('training_opt_out'),
    });
    expect([one.calls.length, two.calls.length, gateway.intents.length]).toEqual([0, 0, 0]);
    expect((await gateway.stored(1))[0]).toMatchObject({
      type: 'request.refused',
      error_code: 'data_policy_unmet',
      attempts: [],
    });
    expect((await gateway.client.models.list()).data).toEqual([]);
  });

  test('is asked of the pack and of the app together', async () => {
    const apps = [{ id: 'hr-bot', cost_center: 'c', requires: { zero_data_retention: true } }];
    await withTwo({ one: ', data_policy: { region: eu }', two: EU, top: 'requires: { region: [eu] }', apps });

    expect(await ask()).toMatchObject({ text: 'from two' });
  });

  test('also holds for a model that a budget chose', async () => {
    await withTwo({ two: EU });
    const compiled = compilePack(
      `pack: { name: p, version: "1" }
providers:
  - { name: openai, model: big, secret_key_ref: { env: K }, data_policy: { training_opt_out: true } }
  - { name: openai, model: small, secret_key_ref: { env: K } }
policies: { chain: [prompt-injection] }
aliases: { cheap: small }`,
      'p.yaml',
      catalogue,
    );
    if ('problems' in compiled) throw new Error('does not compile');
    const deployment = { ...DEPLOYMENT, pack: compiled.pack };
    const caller = { app: { id: 'a', name: 'A', models: ['big'] }, keyId: 'k', auth: 'app_key' } as const;

    expect(downgradeTargets(deployment, caller, 'cheap').map(({ model }) => model)).toEqual(['small']);
    const strict = {
      ...deployment,
      apps: [{ id: 'a', cost_center: 'c', requires: { training_opt_out: true } }],
    };
    expect(downgradeTargets(strict, caller, 'small')).toEqual([]);
    expect(downgradeTargets(deployment, caller, 'gone')).toEqual([]);
  });
});

const DEPLOYMENT = {
  environment: 't',
  version: '0',
  prices: { version: 'v', models: {} },
  apps: [],
  costTags: {},
};
