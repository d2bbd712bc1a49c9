import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Runs Dify's 80 cases and writes docs/dify-cases.md: what each promises, and how it came out at each door. */
const root = join(import.meta.dirname, '..');
const HEAD = `<!-- Made by "npm run dify:cases" from test/dify. Do not edit. -->

# Dify's 80 cases

What Dify's plugin sends and accepts, case by case, as tests of that number: at the door of \`kt gateway run\` (node:http), and at that of the deployed function under a
function URL of the local Lambda runtime. A case with several lines has several tests. Long times are scaled down, never waited for.

| case | promise | kt gateway run | function URL |
|---|---|---|---|
`;

interface Result {
  readonly ancestorTitles: readonly string[];
  readonly title: string;
  readonly status: string;
}

const folder = mkdtempSync(join(tmpdir(), 'dify-cases-'));
const file = join(folder, 'results.json');
const jest = [
  'bin/on-node-24.js',
  'node_modules/jest/bin/jest.js',
  'test/dify',
  '--json',
  `--outputFile=${file}`,
];
spawnSync(process.execPath, jest, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
const { testResults } = JSON.parse(readFileSync(file, 'utf8')) as {
  testResults: { assertionResults: Result[] }[];
};
rmSync(folder, { recursive: true });

const cases = new Map<string, Map<string, string>>();
for (const { ancestorTitles, title, status } of testResults.flatMap((each) => each.assertionResults)) {
  const [name] = ancestorTitles;
  if (!name?.includes(' · ')) continue;
  const doors = cases.get(name) ?? new Map<string, string>();
  cases.set(name, doors.set(title, status));
}
const rows = [...cases].sort(([a], [b]) => Number.parseInt(a, 10) - Number.parseInt(b, 10));
const lines = rows.map(([name, doors]) => {
  const [number, promise] = name.split(' · ');
  return `| ${number} | ${promise} | ${doors.get('kt gateway run')} | ${doors.get('function URL')} |\n`;
});
writeFileSync(join(root, 'docs/dify-cases.md'), HEAD + lines.join(''));
process.stdout.write(`docs/dify-cases.md: ${rows.length} lines\n`);
if (rows.some(([, doors]) => [...doors.values()].some((status) => status !== 'passed'))) process.exitCode = 2;
