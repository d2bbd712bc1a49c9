import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { showProblem } from '#core/pack/pack.ts';
import { appsOf, type Environment, retentionDays } from '#env/environment.ts';
import { listEnvironments, loadEnvironment } from '#env/environment-folder.ts';
import { parseEnvironment } from '#env/parse-environment.ts';

const FOLDER = join(process.cwd(), 'environments');
const SMALLEST = 'region: eu-central-1\npack: pack.yaml\ntags: { cost-center: cc }\n';

test.each(listEnvironments(FOLDER))('the environment %s is well-formed', (name) => {
  expect(loadEnvironment(FOLDER, name)).toHaveProperty('environment');
});

test('three keys are enough for an environment; the rest is strict, protected and kept for a year', () => {
  const environment = read(SMALLEST);
  expect(environment).toMatchObject({
    protected: true,
    audit: { mode: 'strict' },
    console: { identity: 'tokens' },
  });
  expect(retentionDays(environment)).toBe(365);
});

test('the app "default" always exists, on the cost centre of the environment', () => {
  expect(appsOf(read(SMALLEST))).toEqual([
    { id: 'default', name: 'Default', cost_center: 'cc', dedicated: false },
  ]);
  const named = read(`${SMALLEST}apps: [{ id: default, name: Own, cost_center: x }]\n`);
  expect(appsOf(named).map(({ name }) => name)).toEqual(['Own']);
});

test.each([
  [
    'an unknown key',
    'regoin: eu-west-1',
    'e.yaml:4 regoin: unknown key "regoin" — did you mean "region"? [E002]',
  ],
  [
    'an address that is none',
    'notifications: { email: [reviewers] }',
    'e.yaml:4 notifications.email[0]: Invalid email address [E003]',
  ],
  [
    'an unknown preset',
    'retention: { preset: hippa }',
    /^e\.yaml:4 retention\.preset: .*did you mean "hipaa"\? \[E003\]$/,
  ],
  ['a wrong type', 'account: 123456789012', /^e\.yaml:4 account: must be a text \(put it in quotes\)/],
  [
    'a misspelt function',
    'memory: { gatway: 512 }',
    /^e\.yaml:4 memory\.gatway: unknown key .*did you mean "gateway"\?/,
  ],
  ['an unknown block', 'apps: []\ntags2: {}', /^e\.yaml:5 tags2: unknown key/],
  ['a bad app', 'apps:\n  - { id: Bad Id, name: x, cost_center: y }', /^e\.yaml:5 apps\[0\]\.id: /],
  [
    'an app that stands there twice',
    `apps:\n  - ${app('a1')}\n  - ${app('a1')}`,
    /^e\.yaml:6 apps\[1\]\.id: app "a1" stands here twice/,
  ],
  [
    'a log retention that AWS does not know',
    'logs: { retention_days: 8 }',
    /^e\.yaml:4 logs\.retention_days: must be one of 7, 14/,
  ],
])('%s is told with its line', (_, line, expected) => {
  const [problem] = problems(`${SMALLEST}${line}\n`);
  expect(problem).toEqual(typeof expected === 'string' ? expected : expect.stringMatching(expected));
});

test('every mistake of a file is told at once, in the order of the file', () => {
  const text = 'regoin: x\npack: p\nlogs: { retention_days: 1 }\n';
  expect(problems(text).map((line) => line.split(' ')[0])).toEqual([
    'e.yaml:1',
    'e.yaml:1',
    'e.yaml:1',
    'e.yaml:3',
  ]);
});

test.each([
  ['eu-ai-act', 182, 183],
  ['hipaa', 365, 2192],
  ['soc2', 364, 365],
] as const)('the preset %s cannot be cut below its floor', (preset, days, floor) => {
  const text = (chosen: number) => `${SMALLEST}retention: { preset: ${preset}, days: ${chosen} }\n`;
  expect(problems(text(days))).toEqual([expect.stringContaining(`at least ${floor} days`)]);
  expect(retentionDays(read(text(floor)))).toBe(floor);
});

test('a tag that the product sets itself is refused', () => {
  const text = SMALLEST.replace('cost-center: cc', 'cost-center: cc, env: mine');
  expect(problems(text)).toEqual([expect.stringMatching(/^e\.yaml:3 tags\.env: /)]);
});

test('a file that is not YAML is told with its line', () => {
  expect(problems('region: [\n')).toEqual([expect.stringMatching(/^e\.yaml:\d+ .*\[E005\]$/)]);
});

test('an unknown environment is answered with the known ones', () => {
  expect(() => loadEnvironment(FOLDER, 'prodd')).toThrow(/did you mean "prod"\? Known: dev, prod/);
  expect(() => loadEnvironment(FOLDER, undefined)).toThrow(/-c env=<name>; known: dev, prod/);
  expect(() => loadEnvironment(FOLDER, '../package')).toThrow(/unknown environment/);
});

function app(id: string): string {
  return `{ id: ${id}, name: x, cost_center: y }`;
}

function read(text: string): Environment {
  const parsed = parseEnvironment(text, 'e.yaml');
  if ('problems' in parsed) throw new Error(parsed.problems.map(showProblem).join('\n'));
  return parsed.environment;
}

function problems(text: string): string[] {
  const parsed = parseEnvironment(text, 'e.yaml');
  return 'problems' in parsed ? parsed.problems.map(showProblem) : [];
}
