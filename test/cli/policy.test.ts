import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { kt } from './run-kt.ts';

/** The file of the Keeptrusts page, as design/gateway.md gives it. */
const SEED = `pack: { name: dify-gateway, version: "1.0" }
providers: [{ name: openai, model: gpt-4o, secret_key_ref: { env: OPENAI_API_KEY } }]
policies: { chain: [prompt-injection, pii-detector, safety-filter, quality-scorer] }
policy:
  prompt-injection: { action: block }
  pii-detector: { action: redact }
  safety-filter: { action: block }
  quality-scorer: { threshold: 0.6 }
`;

let cwd: string;

beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'kt-cli-'));
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

const pack = (text: string, name = 'policy-config.yaml') => writeFile(join(cwd, name), text);

describe('kt policy lint', () => {
  test('passes the seed file as it is', async () => {
    await pack(SEED);
    const { code, out, err } = await kt(cwd, ['policy', 'lint', 'policy-config.yaml']);

    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/^policy-config\.yaml: ok {2}dify-gateway@1\.0 {2}4 policies {2}[0-9a-f]{12}$/);
  });

  test('takes the pack of the folder when none is named', async () => {
    await pack(SEED);

    expect((await kt(cwd, ['policy', 'lint'])).code).toBe(0);
  });

  test('shows every problem of every file with its line', async () => {
    await pack(SEED.replace('pii-detector, safety', 'pii-detectr, safety'), 'a.yaml');
    await pack(SEED.replace('threshold: 0.6', 'threshold: high'), 'b.yaml');
    const { code, out, err } = await kt(cwd, ['policy', 'lint', 'a.yaml', '--file', 'b.yaml']);

    expect(code).toBe(1);
    expect(out).toContain('a.yaml:3 policies.chain[1]: unknown policy "pii-detectr"');
    expect(out).toContain('did you mean "pii-detector"');
    expect(out).toMatch(/b\.yaml:8 policy\.quality-scorer\.threshold: .*\[E003\]/);
    expect(err).toMatch(/^\d problems$/);
  });

  test('as JSON is one document with positions', async () => {
    await pack(SEED, 'good.yaml');
    await pack(SEED.replace('secret_key_ref', 'secret_key_reff'), 'bad.yaml');
    const { code, out } = await kt(cwd, ['policy', 'lint', 'good.yaml', 'bad.yaml', '--json']);

    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      ok: false,
      files: [
        { file: 'good.yaml', ok: true, problems: [], pack: { name: 'dify-gateway', version: '1.0' } },
        {
          file: 'bad.yaml',
          ok: false,
          problems: expect.arrayContaining([expect.objectContaining({ line: 2, code: 'E002' })]),
        },
      ],
    });
  });

  test.each([
    ['a file that is not there', 'gone.yaml', 'kt init'],
    ['a folder', 'folder', 'Name the file'],
    ['a file that is too large', 'large.yaml', '1 MB'],
  ])('refuses %s', async (_, file, hint) => {
    await mkdir(join(cwd, 'folder'));
    await pack('#'.repeat(1024 * 1024 + 1), 'large.yaml');
    const { code, err } = await kt(cwd, ['policy', 'lint', file]);

    expect(code).toBe(1);
    expect(err).toContain(hint);
  });
});

describe('kt init', () => {
  test('writes a pack that passes the lint', async () => {
    expect((await kt(cwd, ['init', 'new/place'])).code).toBe(0);

    expect((await kt(cwd, ['policy', 'lint', 'new/place/policy-config.yaml'])).code).toBe(0);
  });

  test('writes golden cases that pass', async () => {
    await kt(cwd, ['init']);
    const { code, out } = await kt(cwd, ['policy', 'test']);

    expect(code).toBe(0);
    expect(out).toContain('3 passed, 0 failed');
  });

  test('points editors at the schema of golden cases', async () => {
    await kt(cwd, ['init']);
    const [hint] = (await readFile(join(cwd, 'policy-config.golden.yaml'), 'utf8')).split('\n');
    const schema = JSON.parse(await readFile(join(cwd, 'policy-config.golden.schema.json'), 'utf8'));

    expect(hint).toBe('# yaml-language-server: $schema=./policy-config.golden.schema.json');
    expect(Object.keys(schema.properties)).toEqual(['cases']);
  });

  test('points editors at the schema beside it', async () => {
    await kt(cwd, ['init']);
    const [hint] = (await readFile(join(cwd, 'policy-config.yaml'), 'utf8')).split('\n');
    const schema = JSON.parse(await readFile(join(cwd, 'policy-config.schema.json'), 'utf8'));

    expect(hint).toBe('# yaml-language-server: $schema=./policy-config.schema.json');
    expect(Object.keys(schema.properties)).toEqual(
      expect.arrayContaining(['pack', 'providers', 'policies', 'policy']),
    );
  });

  test('never overwrites', async () => {
    await pack('mine');
    const { code, out } = await kt(cwd, ['init']);

    expect(code).toBe(0);
    expect(out).toContain('policy-config.yaml: is there already');
    expect(await readFile(join(cwd, 'policy-config.yaml'), 'utf8')).toBe('mine');
  });
});
