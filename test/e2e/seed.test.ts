import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import OpenAI from 'openai';
import { eventually, makeProject, removeProject } from '../support/stack.ts';
import { type ScriptedUpstream, startUpstream } from '../support/upstream.ts';

jest.setTimeout(120_000);

/** The file of the seed page, as it stands there. */
const SEED = readFileSync('examples/policy-config.yaml', 'utf8');
const PROVIDER_KEY = 'sk-canary-of-the-seed-0123456789abcd';

let root: string;
let upstream: ScriptedUpstream;

beforeAll(async () => {
  root = makeProject();
  writeFileSync(join(root, 'policy-config.yaml'), SEED);
  upstream = await startUpstream();
});
afterAll(async () => {
  await upstream.close();
  removeProject(root);
});

const environment = (more: { [name: string]: string } = {}) => ({
  PATH: `${join(process.cwd(), 'node_modules/.bin')}:${process.env['PATH']}`,
  HOME: root,
  ...more,
});

function kt(...args: string[]): { code: number | null; output: string } {
  return run('bin/kt.ts', args, {});
}

function run(
  script: string,
  args: string[],
  env: { [name: string]: string },
): { code: number | null; output: string } {
  const options = { cwd: root, encoding: 'utf8', env: environment(env) } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--no-warnings', script, ...args], options);
  return { code: status, output: stdout + stderr };
}

/** What `cdk synth` runs, told what the CLI tells it. */
function synth(pack: string): { code: number | null; output: string } {
  const { context } = JSON.parse(readFileSync('cdk.json', 'utf8')) as { context: object };
  const CDK_CONTEXT_JSON = JSON.stringify({ ...context, env: 'dev', pack, nag: 'false' });
  return run('bin/app.ts', [], { CDK_OUTDIR: join(root, 'out'), CDK_CONTEXT_JSON });
}

describe('the policy config of the seed page, unchanged', () => {
  test('lints', () => {
    expect(kt('policy', 'lint', 'policy-config.yaml')).toMatchObject({ code: 0 });
  });

  test('serves on port 41002 with the provider key, as the page says', async () => {
    const child = spawn(
      process.execPath,
      ['--no-warnings', 'bin/kt.ts', 'gateway', 'run', '--policy-config', 'policy-config.yaml'],
      {
        cwd: root,
        env: environment({ OPENAI_API_KEY: PROVIDER_KEY, OPENAI_BASE_URL: upstream.url }),
        stdio: 'pipe',
      },
    );
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    try {
      const health = await eventually(
        async () =>
          fetch('http://localhost:41002/keeptrusts/health').then(
            (r) => r.json() as Promise<object>,
            () => undefined,
          ),
        20_000,
      );
      expect(health).toMatchObject({ status: 'ok', pack: { name: 'dify-gateway', version: '1.0' } });

      const client = new OpenAI({
        apiKey: PROVIDER_KEY,
        baseURL: 'http://localhost:41002/v1',
        maxRetries: 0,
      });
      const answer = await client.chat.completions.create({
        model: 'gpt-4o',
        messages: [{ role: 'user', content: 'hello' }],
      });
      expect(answer.choices[0]?.message.content).toBe('Hello from upstream.');
      const stranger = new OpenAI({
        apiKey: 'sk-another',
        baseURL: 'http://localhost:41002/v1',
        maxRetries: 0,
      });
      await expect(stranger.models.list()).rejects.toMatchObject({ status: 401 });

      await eventually(async () => /prompt-injection/.test(output) || undefined);
      expect(output).not.toContain(PROVIDER_KEY);
      expect(kt('events', 'list', '--json').output).toContain('"type":"request.completed"');
    } finally {
      child.kill();
      await new Promise((done) => child.once('exit', done));
    }
  });

  test('synthesizes as the pack of an environment', () => {
    const { code, output } = synth('policy-config.yaml');

    expect({ code, output }).toMatchObject({ code: 0 });
    const assets = readdirSync(join(root, 'out')).filter((name) =>
      existsSync(join(root, 'out', name, 'deployment.json')),
    );
    const deployment = JSON.parse(readFileSync(join(root, 'out', assets[0]!, 'deployment.json'), 'utf8'));
    expect(deployment.pack).toMatchObject({ name: 'dify-gateway', version: '1.0' });
  });
});

describe('a pack with mistakes', () => {
  const BAD = SEED.replace('pii-detector, safety', 'pii-detectr, safety')
    .replace('threshold: 0.6', 'threshold: high')
    .replace(/^pack:/m, 'packs: 1\npack:');
  const stops: [string, () => { code: number | null; output: string }][] = [
    ['kt policy lint', () => kt('policy', 'lint', 'bad.yaml')],
    ['kt gateway run', () => kt('gateway', 'run', '--policy-config', 'bad.yaml')],
    ['kt start', () => kt('start', '--policy-config', 'bad.yaml')],
    ['cdk synth', () => synth('bad.yaml')],
  ];

  beforeAll(() => writeFileSync(join(root, 'bad.yaml'), BAD));

  test.each(stops)('stops %s with file, line and a suggestion for each', (_name, command) => {
    const { code, output } = command();

    expect(code).toBe(1);
    expect(output).toMatch(/bad\.yaml:\d+ .*"pii-detectr".*did you mean "pii-detector"/);
    expect(output).toMatch(/bad\.yaml:\d+ .*packs.*did you mean "pack"/);
    expect(output).toMatch(/bad\.yaml:\d+ policy\.quality-scorer\.threshold/);
  });
});
