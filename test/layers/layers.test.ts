import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

/** A copy of the configuration with planted files: the check must see each of them. */
let folder: string;

const PLANTED: readonly [file: string, text: string, rule: string][] = [
  ['lib/core/a.ts', "import '#policies/p.ts';", 'layer lib/core'],
  ['lib/core/b.ts', "import type { X } from '#gateway/g.ts';\nexport type Y = X;", 'layer lib/core'],
  ['lib/core/c.ts', "import 'node:fs';", 'core is pure'],
  ['policies/q.ts', "import 'node:crypto';", 'core is pure'],
  ['policies/r.ts', "import '#gateway/g.ts';", 'layer policies'],
  ['lib/gateway/d.ts', "import '#aws/w.ts';", 'layer lib/gateway'],
  ['lib/gateway/e.ts', "import '@aws-sdk/client-sqs';", 'core knows no cloud'],
  ['lib/aws/f.ts', "import '#local/l.ts';", 'layer lib/aws'],
  ['lib/aws/h.ts', "import 'aws-cdk-lib';", 'run-time code knows no CDK'],
  ['lib/infra/i.ts', "import '#gateway/g.ts';", 'layer lib/infra'],
  ['lib/core/cycle-a.ts', "import './cycle-b.ts';", 'no cycles'],
];

const HARMLESS = ['policies/p.ts', 'lib/gateway/g.ts', 'lib/aws/w.ts', 'lib/local/l.ts'];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'layers-'));
  for (const name of ['.dependency-cruiser.cjs', 'package.json', 'tsconfig.json'])
    cpSync(name, join(folder, name));
  symlinkSync(join(process.cwd(), 'node_modules'), join(folder, 'node_modules'));
  for (const file of HARMLESS) plant(file, 'export interface X { a: 1 }\nexport const x = 1;');
  for (const [file, text] of PLANTED) plant(file, text);
  plant('lib/core/cycle-b.ts', "import './cycle-a.ts';");
});

afterAll(() => rmSync(folder, { recursive: true }));

function plant(file: string, text: string): void {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), `${text}\n`);
}

function cruise(): string {
  const bin = join(process.cwd(), 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
  try {
    execFileSync(process.execPath, [bin, '--config', '.dependency-cruiser.cjs', 'lib', 'policies'], {
      cwd: folder,
      encoding: 'utf8',
      stdio: 'pipe',
    });
    return '';
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string };
    return `${stdout}${stderr}`;
  }
}

test('the layer check reports every planted wrong arrow by its rule', () => {
  const output = cruise();

  for (const [file, , rule] of PLANTED) expect(output).toContain(`error ${rule}: ${file}`);
});
