import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { kt, type Running, runGateway } from './run-kt.ts';
import { startUpstream, type Upstream } from './upstream.ts';

const PACK = `pack: { name: p, version: "1" }
providers:
  targets:
    - { id: main, provider: openai, model: gpt-4o, secret_key_ref: { env: OPENAI_API_KEY } }
    - { id: small, provider: openai, model: small, secret_key_ref: { env: OPENAI_API_KEY } }
policies: { chain: [audit-logger] }
`;

let cwd: string;
let upstream: Upstream;
let running: Running | undefined;
beforeAll(async () => {
  upstream = await startUpstream();
});
afterAll(() => upstream.close());
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'kt-apps-'));
  await writeFile(join(cwd, 'policy-config.yaml'), PACK);
  upstream.heard.length = 0;
});
afterEach(async () => {
  await running?.stop();
  running = undefined;
  await rm(cwd, { recursive: true, force: true });
});

const appsOf = async () => {
  const { out } = await kt(cwd, ['apps', 'list', '--json']);
  return out.split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);
};

async function ask(key: string, path = '/v1/chat/completions', headers: Record<string, string> = {}) {
  const body = { model: 'gpt-4o', max_tokens: 500, messages: [{ role: 'user', content: 'hello' }] };
  const post = { method: 'POST', body: JSON.stringify(body) };
  const response = await fetch(`${running?.url}${path}`, {
    ...(path.startsWith('/v1') ? post : {}),
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

const start = async () => {
  running = await runGateway(cwd, [], { OPENAI_API_KEY: 'sk-1', OPENAI_BASE_URL: upstream.url });
};

test('an app is made once, changed as often as one likes, and keeps what a change does not name', async () => {
  await kt(cwd, ['apps', 'create', 'bot', '--budget-monthly', '400', '--cost-center', 'care']);
  const again = await kt(cwd, ['apps', 'create', 'bot']);
  const changed = await kt(cwd, [
    'apps',
    'set',
    'bot',
    '--budget-daily',
    '0.5',
    '--on-exceed',
    'downgrade:small',
  ]);

  expect(again.code).not.toBe(0);
  expect(again.err).toContain('kt apps set bot');
  expect(changed.out).toContain('$400 a month, $0.5 a day, downgrade:small');
  expect(await appsOf()).toEqual([
    {
      id: 'bot',
      name: 'bot',
      costCenter: 'care',
      budget: {
        dailyMicros: 500_000,
        monthlyMicros: 400_000_000,
        warnAt: [50, 80, 100],
        onExceed: 'downgrade:small',
        unknownPrice: 'refuse',
        maxTokens: 4096,
      },
    },
  ]);
});

test('changes by several at once are all kept', async () => {
  await kt(cwd, ['apps', 'create', 'bot']);

  const changes = [
    ['--owner', 'ann'],
    ['--cost-center', 'care'],
    ['--budget-daily', '5'],
  ];
  const ran = await Promise.all(changes.map((argv) => kt(cwd, ['apps', 'set', 'bot', ...argv])));

  expect(ran.map(({ code }) => code)).toEqual([0, 0, 0]);
  expect(await appsOf()).toMatchObject([
    { owner: 'ann', costCenter: 'care', budget: { dailyMicros: 5_000_000 } },
  ]);
});

test('the ids in Dify are stored, changed and taken back', async () => {
  await kt(cwd, ['apps', 'create', 'bot', '--dify-apps', 'dify-1, dify-2']);
  expect((await appsOf())[0]).toMatchObject({ difyAppIds: ['dify-1', 'dify-2'] });

  await kt(cwd, ['apps', 'set', 'bot', '--dify-apps', 'dify-3']);
  expect((await appsOf())[0]).toMatchObject({ difyAppIds: ['dify-3'] });

  await kt(cwd, ['apps', 'set', 'bot', '--no-dify-apps']);
  expect((await appsOf())[0]).not.toHaveProperty('difyAppIds');
});

test('a Dify app of another app is a conflict on one machine too; the key pays', async () => {
  await kt(cwd, ['apps', 'create', 'bot']);
  await kt(cwd, ['apps', 'create', 'other', '--dify-apps', 'dify-1']);
  const { out: key } = await kt(cwd, ['keys', 'create', '--app', 'bot']);
  await start();

  expect((await ask(key, '/v1/chat/completions', { 'x-dify-app-id': 'dify-1' })).status).toBe(200);

  const { out } = await kt(cwd, ['events', 'list', '--json']);
  const events = out.split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(events.filter(({ type }) => type === 'request.completed')).toMatchObject([
    { app_id: 'bot', claims: { dify_app_id: 'dify-1' }, claim_conflict: true },
  ]);
});

test.each([
  [['--budget-daily', '-1'], 'dollars'],
  [['--budget-daily', '0.0000001'], 'six decimals'],
  [['--warn-at', '150'], 'percents'],
  [['--on-exceed', 'explode'], 'downgrade:<model>'],
  [['--on-exceed', 'downgrade:a\nb'], 'downgrade:<model>'],
  [['--on-exceed', `downgrade:${'m'.repeat(201)}`], 'downgrade:<model>'],
  [['--on-exceed', 'warn'], 'name --budget-daily or --budget-monthly'],
  [['--name', 'Bot\r\nforged line'], 'on one line'],
  [['--cost-center', 'c'.repeat(201)], '1 to 200 characters'],
  [['--owner', ' '], '1 to 200 characters'],
  [['--models', 'gpt-4o,a\tb'], 'separated by commas'],
  [['--no-budget-daily'], 'unknown option'],
])('%j is refused with what to write', async (argv, help) => {
  const { code, err } = await kt(cwd, ['apps', 'create', 'bot', ...argv]);

  expect(code).not.toBe(0);
  expect(err).toContain(help);
});

test('a budget holds on one machine, and after a restart', async () => {
  // 1000 tokens in and 500 out cost 7500 micro-dollars.
  await kt(cwd, ['apps', 'create', 'bot', '--budget-monthly', '0.015']);
  const { out: key } = await kt(cwd, ['keys', 'create', '--app', 'bot']);
  await start();

  expect((await ask(key)).status).toBe(200);
  expect(await ask(key, '/keeptrusts/usage')).toMatchObject({
    body: { budgets: [{ limit_micros: 15_000, spent_micros: 7500, reserved_micros: 0, left_micros: 7500 }] },
  });
  expect((await ask(key)).status).toBe(200);
  await running?.stop();
  await start();

  const refused = await ask(key);
  expect(refused.status).toBe(429);
  expect(refused.body).toMatchObject({ error: { code: 'budget_exceeded' } });
  expect(upstream.heard).toHaveLength(2);
});

test('a rotated key works beside its successor until it expires', async () => {
  const { out: old } = await kt(cwd, ['keys', 'create', '--app', 'bot', '--models', 'gpt-4o']);
  const id = (JSON.parse((await kt(cwd, ['keys', 'list', '--json'])).out) as { id: string }).id;
  const { out: next } = await kt(cwd, ['keys', 'rotate', id, '--overlap', '2h']);
  await start();

  expect([(await ask(old)).status, (await ask(next)).status]).toEqual([200, 200]);
  const { out } = await kt(cwd, ['keys', 'list', '--json']);
  const [first, second] = out.split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(first?.['expiresAt']).toBeDefined();
  expect(second).toMatchObject({ appId: 'bot', models: ['gpt-4o'] });
  expect(second).not.toHaveProperty('expiresAt');
  const events = await kt(cwd, ['events', 'list', '--json']);
  expect(events.out).toContain('key.rotated');
});

describe('a model to fall back to', () => {
  const fallBack = (...argv: string[]) =>
    kt(cwd, ['apps', 'create', 'bot', '--budget-daily', '5', '--on-exceed', 'downgrade:tiny', ...argv]);

  test('that the pack lacks is refused with those it has', async () => {
    const { code, err } = await fallBack();

    expect(code).toBe(1);
    expect(err).toContain('falls back to model "tiny", which the pack does not have; it has gpt-4o, small');
    expect((await kt(cwd, ['apps', 'list', '--json'])).out).toBe('');
  });

  test('that the named pack has is stored', async () => {
    await writeFile(join(cwd, 'other.yaml'), PACK.replaceAll('small', 'tiny'));

    expect(await fallBack('--policy-config', 'other.yaml')).toMatchObject({ code: 0 });
  });

  test('is stored and said to be unchecked where no pack is at hand', async () => {
    await rm(join(cwd, 'policy-config.yaml'));

    const { code, err } = await fallBack();

    expect([code, err]).toEqual([0, 'model tiny was not checked: name the pack with --policy-config']);
  });

  test('of a key is held against the pack, too, before anything is made', async () => {
    const argv = ['keys', 'create', '--budget-daily', '5', '--on-exceed', 'downgrade:tiny'];

    expect(await kt(cwd, argv)).toMatchObject({
      code: 1,
      err: expect.stringContaining('it has gpt-4o, small'),
    });
    expect((await kt(cwd, ['keys', 'list', '--json'])).out).toBe('');
    expect((await kt(cwd, ['apps', 'list', '--json'])).out).toBe('');
  });
});

describe('what is stored of an app is taken back', () => {
  const ALL = {
    'budget-daily': '5',
    'budget-monthly': '50',
    'requests-per-minute': '1',
    'tokens-per-minute': '2',
    concurrent: '3',
    owner: 'ann',
    'cost-center': 'care',
    models: 'gpt-4o',
    'dify-apps': 'd1',
    'on-block': 'error',
  };
  const given = Object.entries(ALL).flatMap(([flag, value]) => [`--${flag}`, value]);
  const flags = Object.keys(ALL).map((flag) => `--no-${flag}`);

  test('one by one', async () => {
    await kt(cwd, ['apps', 'create', 'bot', ...given]);
    const [before] = await appsOf();

    await kt(cwd, ['apps', 'set', 'bot', '--no-budget-daily', '--no-concurrent', '--no-models']);

    const {
      models: _,
      budget,
      limits,
      ...rest
    } = before as { models: unknown; budget: object; limits: object };
    expect(await appsOf()).toEqual([
      {
        ...rest,
        budget: Object.fromEntries(Object.entries(budget).filter(([name]) => name !== 'dailyMicros')),
        limits: { requestsPerMinute: 1, tokensPerMinute: 2 },
      },
    ]);
  });

  test('altogether, down to its id and name', async () => {
    await kt(cwd, ['apps', 'create', 'bot', ...given]);

    const { code, out } = await kt(cwd, ['apps', 'set', 'bot', ...flags]);

    expect([code, out]).toEqual([0, expect.stringContaining('bot: budget none')]);
    expect(await appsOf()).toEqual([{ id: 'bot', name: 'bot' }]);
  });

  test.each(flags)('%s where nothing is stored points to the environment file', async (flag) => {
    await kt(cwd, ['apps', 'create', 'bot']);

    const { code, err } = await kt(cwd, ['apps', 'set', 'bot', flag]);

    expect([code, err]).toEqual([1, expect.stringContaining(`${flag}: none is stored for bot`)]);
  });
});

test('when a key was first and last used is listed, and survives a restart', async () => {
  const used = async () => {
    const { out } = await kt(cwd, ['keys', 'list', '--json']);
    return JSON.parse(out) as { firstUsedAt?: string; lastUsedAt?: string };
  };
  const { out: key } = await kt(cwd, ['keys', 'create', '--app', 'bot']);
  expect(await used()).not.toHaveProperty('firstUsedAt');

  await start();
  await ask(key);
  await running?.stop();
  const once = await used();
  expect(once.firstUsedAt).toBe(once.lastUsedAt);

  await start();
  await ask(key);
  await running?.stop();
  running = undefined;
  const twice = await used();
  expect(twice.firstUsedAt).toBe(once.firstUsedAt);
  expect(Date.parse(twice.lastUsedAt ?? '')).toBeGreaterThan(Date.parse(once.lastUsedAt ?? ''));
  expect((await kt(cwd, ['keys', 'list'])).out).toContain(twice.lastUsedAt?.slice(0, 16));
});
