import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

const PACK = `
pack: { name: dify-gateway, version: "1.0" }
providers: [{ name: openai, model: gpt-4o, secret_key_ref: { env: OPENAI_API_KEY } }]
policies: { chain: [prompt-injection, pii-detector, safety-filter, quality-scorer] }
policy:
  prompt-injection: { action: block }
`;

test('an unknown environment ends the app with the known ones', () => {
  const { status, stderr } = runApp({ env: 'prdo' });
  expect(stderr).toMatch(/^unknown environment "prdo" — did you mean "prod"\? Known: dev, prod\./);
  expect(status).toBe(1);
});

test('no environment ends the app with how to name one', () => {
  expect(runApp({})).toMatchObject({ status: 1, stderr: expect.stringContaining('Add -c env=<name>') });
});

test.each([
  [
    'a kind',
    'pii-detector, ',
    'pii-detectr, ',
    /^pack\.yaml:4 policies\.chain\[1\]: .*did you mean "pii-detector"\?/m,
  ],
  [
    'a key',
    'action: block',
    'acton: block',
    /^pack\.yaml:6 policy\.prompt-injection\.acton: .*did you mean "action"\?/m,
  ],
  ['a type', 'name: openai', 'name: 7', /^pack\.yaml:3 providers\[0\]\.name: must be a text/m],
])(
  '%s that is wrong in the pack ends the app with file, line and a suggestion',
  (_, right, wrong, expected) => {
    const { status, stderr, files } = runApp({ env: 'dev', pack: PACK.replace(right, wrong) });
    expect(stderr.replaceAll(/\S*pack\.yaml/g, 'pack.yaml')).toMatch(expected);
    expect(status).toBe(1);
    expect(files.filter((file) => file.endsWith('.template.json'))).toEqual([]);
  },
);

test('a pack file that is not there ends the app at the line of the environment that names one', () => {
  const { status, stderr } = runApp({ env: 'dev', packFile: 'nowhere.yaml' });
  expect(stderr).toMatch(/^environments\/dev\.yaml:\d+ pack: there is no file "nowhere\.yaml"/);
  expect(status).toBe(1);
});

/** Runs `bin/app.ts` as the CDK CLI does, without the CLI. */
function runApp(options: { env?: string; pack?: string; packFile?: string }) {
  const folder = mkdtempSync(join(tmpdir(), 'kt-app-'));
  const packFile = options.pack ? join(folder, 'pack.yaml') : options.packFile;
  if (options.pack) writeFileSync(join(folder, 'pack.yaml'), options.pack);
  const context = JSON.stringify({ env: options.env, pack: packFile });
  const out = join(folder, 'out');
  const { status, stderr } = spawnSync(process.execPath, ['--no-warnings', 'bin/app.ts'], {
    env: { PATH: process.env['PATH'], CDK_OUTDIR: out, CDK_CONTEXT_JSON: context },
    encoding: 'utf8',
  });
  return { status, stderr, files: existsSync(out) ? readdirSync(out) : [] };
}
