import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { type ChainStep, showProblem } from '#core/pack/pack.ts';
import { type CheckedEnvironment, parseEnvironment } from '#env/parse-environment.ts';
import {
  acceptsProviderKey,
  type Compilers,
  compileDeployment,
  secretNames,
} from '#infra/compile-deployment.ts';
import { PACK } from './synthesized.ts';

const LINES = ['region: eu-central-1', 'tags: { cost-center: cc, team: t }', 'pack: pack.yaml'];

test('a deployment carries pack, apps, retention and cost tags of its environment', () => {
  const made = compile(environment('retention: { preset: hipaa }'));
  expect(made).toHaveProperty('deployment', {
    environment: 'here',
    version: '1.2.3',
    pack: PACK,
    apps: [{ id: 'default', name: 'Default', cost_center: 'cc', dedicated: false }],
    retentionDays: 2192,
    prices: { version: '3 targets', models: {} },
    costTags: { env: 'here', 'cost-center': 'cc', team: 't' },
  });
});

test('a pack that is not there is told at its line of the environment file', () => {
  const made = compile(environment('', 'pack: nowhere.yaml'));
  expect(told(made)).toEqual([expect.stringMatching(/^here\.yaml:3 pack: there is no file "nowhere\.yaml"/)]);
});

test('the problems of a pack are handed on as they are', () => {
  const problem = {
    file: 'pack.yaml',
    line: 14,
    column: 3,
    path: 'policies.chain[2]',
    code: 'E001',
    message: 'unknown',
  };
  const made = compile(environment(), { pack: () => ({ problems: [problem] }) });
  expect(told(made)).toEqual(['pack.yaml:14 policies.chain[2]: unknown [E001]']);
});

test("a pack given on the command line is taken instead of the environment's own", () => {
  const made = compile(environment('', 'pack: nowhere.yaml'), {}, 'pack.yaml');
  expect(made).toHaveProperty('deployment.pack.name', 'fixture');
});

test('a strict environment refuses a pack that records with best effort only', () => {
  const pack = { ...PACK, audit: { mode: 'best_effort' as const } };
  const weak: Partial<Compilers> = { pack: () => ({ pack }) };
  expect(told(compile(environment(), weak))).toEqual([expect.stringContaining('accepts only strict packs')]);
  expect(compile(environment('audit: { mode: best_effort }'), weak)).toHaveProperty('deployment');
});

test('a gateway that ends before a waiting client could be answered is refused', () => {
  const step = { kind: 'human-oversight', settings: { wait_seconds: 300 } } as never;
  const pack: Partial<Compilers> = { pack: () => ({ pack: { ...PACK, chain: [step] } }) };

  expect(told(compile(environment(), pack))).toEqual([
    expect.stringContaining('gateway.timeout_seconds: the pack keeps clients waiting for 300 s'),
  ]);
  expect(compile(environment('gateway: { timeout_seconds: 400 }'), pack)).toHaveProperty('deployment');
});

test('an environment may keep records for longer than its pack promises, and no shorter', () => {
  const step = {
    kind: 'audit-logger',
    settings: { retention_days: 365 },
    mode: 'enforce',
    on_error: 'block',
    timeout_ms: 9,
  };
  const promising: Partial<Compilers> = { pack: () => ({ pack: { ...PACK, chain: [step as ChainStep] } }) };
  expect(told(compile(environment('retention: { preset: minimal }'), promising))).toEqual([
    expect.stringMatching(/^here\.yaml:4 retention: keeps records for 30 days, "fixture" promises 365/),
  ]);
  expect(compile(environment('retention: { preset: hipaa }'), promising)).toHaveProperty(
    'deployment.retentionDays',
    2192,
  );
});

test.each([
  ['of another region', 'arn:aws:bedrock:us-east-1:123456789012:guardrail/gr1', true],
  ['of its own region', 'arn:aws:bedrock:eu-central-1:123456789012:guardrail/gr1', false],
  ['without a region', 'gr1', false],
])('a guardrail %s', (_, guardrail, refused) => {
  const remote = {
    policy: 'prompt-injection',
    detector: 'bedrock-guardrail',
    phases: ['input'],
    guardrail,
  } as const;
  const made = compile(environment(), { pack: () => ({ pack: { ...PACK, remotes: [remote] } }) });
  const why = /^here\.yaml:1 region: is eu-central-1, but "prompt-injection" asks arn:aws:bedrock:us-east-1/;

  expect(told(made)).toEqual(refused ? [expect.stringMatching(why)] : []);
});

test.each([
  [undefined, undefined, false],
  [undefined, true, true],
  [false, true, false],
  [true, false, true],
])("provider keys as callers' keys: environment says %s, pack says %s → %s", (mine, packs, expected) => {
  const line = mine === undefined ? '' : `auth: { provider_key: ${mine} }`;
  const pack = { ...PACK, auth: packs === undefined ? {} : { provider_key: packs } };
  expect(acceptsProviderKey(environment(line).environment, pack)).toBe(expected);
});

test('a secret that two targets share is needed once', () => {
  expect(secretNames(PACK)).toEqual(['OPENAI_API_KEY', 'azure/key']);
});

function environment(more = '', pack = LINES[2]): CheckedEnvironment {
  const parsed = parseEnvironment([LINES[0], LINES[1], pack, more, ''].join('\n'), 'here.yaml');
  if ('problems' in parsed) throw new Error(parsed.problems.map(showProblem).join('\n'));
  return parsed;
}

function compile(checked: CheckedEnvironment, compilers: Partial<Compilers> = {}, packFile?: string) {
  const root = mkdtempSync(join(tmpdir(), 'kt-root-'));
  writeFileSync(join(root, 'pack.yaml'), 'pack: fixture\n');
  return compileDeployment(
    { name: 'here', checked, root, version: '1.2.3', packFile },
    {
      pack: () => ({ pack: PACK }),
      prices: (targets) => ({ version: `${targets.length} targets`, models: {} }),
      ...compilers,
    },
  );
}

function told(made: ReturnType<typeof compile>): string[] {
  return 'problems' in made ? made.problems.map(showProblem) : [];
}

test('an app that may use a model the pack does not have is told so at its line', () => {
  const apps = 'apps: [{ id: hr, name: HR, cost_center: c, models: [model-0, model-9] }]';
  expect(told(compile(environment(apps)))).toEqual([
    expect.stringMatching(
      /^here\.yaml:4 apps\[0\]\.models\[1\]: "fixture" has no model "model-9"; it has model-0/,
    ),
  ]);
});

test('an app that requires of its data what no target promises is told so at its line', () => {
  const apps = 'apps: [{ id: hr, name: HR, cost_center: c, requires: { zero_data_retention: true } }]';
  expect(told(compile(environment(apps)))).toEqual([
    expect.stringMatching(
      /^here\.yaml:4 apps\[0\]\.requires: no target of "fixture" promises this \(zero_data/,
    ),
  ]);
});
