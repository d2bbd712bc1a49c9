import type { Command } from 'commander';
import { type GoldenResult, runGolden } from '#core/pack/golden-run.ts';
import { printable } from '#local/printable.ts';
import { CliError, EXIT } from '../cli-error.ts';
import { dryRunner } from '../dry-runner.ts';
import { goldenOfPack, packOfGolden, readGoldenFile } from '../golden-file.ts';
import { loadPack, PACK_FILE, showProblems } from '../pack-file.ts';
import { table } from '../table.ts';
import { paint, type Terminal } from '../terminal.ts';

interface Options {
  readonly json?: boolean;
}

/** What the cases of one pack said. */
interface Tested {
  readonly pack: string;
  readonly golden: string;
  readonly results: readonly GoldenResult[];
}

const EXAMPLES = `
Examples:
  kt policy test policy-config.yaml          the cases of policy-config.golden.yaml
  kt policy test policies/packs/*.yaml --json

Every case runs through the real chain and answer guard, its answer once in one piece and once as a
stream; no provider is called. Ends with 2 when a case fails, with 1 when a file has problems.`;

export function addPolicyTest(policy: Command, terminal: Terminal): void {
  policy
    .command('test')
    .description('run the golden cases beside a pack; ends with 2 when one fails')
    .argument('[pack...]', `packs whose <name>.golden.yaml is run (default: ${PACK_FILE})`)
    .option('--json', 'one JSON document for all packs')
    .addHelpText('after', EXAMPLES)
    .action(async (named: string[], options: Options) => {
      const tested = await testAll(named.length > 0 ? named : [PACK_FILE], terminal);
      if (options.json) terminal.out(JSON.stringify(asJson(tested), null, 2));
      else for (const one of tested) terminal.out(asText(one, terminal));
      conclude(tested);
    });
}

async function testAll(named: readonly string[], terminal: Terminal): Promise<Tested[]> {
  const tested: Tested[] = [];
  for (const file of new Set(named.map(packOfGolden))) tested.push(await testPack(file, terminal));
  return tested;
}

async function testPack(file: string, terminal: Terminal): Promise<Tested> {
  const golden = goldenOfPack(file);
  const runner = dryRunner(await loadPack(file, terminal));
  const read = await readGoldenFile(golden, terminal);
  if ('problems' in read) throw new CliError(showProblems(read.problems));
  return { pack: file, golden, results: read.cases.map((one) => runGolden(runner, one)) };
}

function asText({ pack, golden, results }: Tested, terminal: Terminal): string {
  const header = ['  case', 'verdict', 'policy', 'reason'];
  const rows = results.map(({ name, verdict, policy, reason, differences }) => [
    `${differences.length === 0 ? '✓' : '✗'} ${printable(name, 70)}`,
    verdict,
    policy ?? '',
    reason,
  ]);
  const [head = '', ...lines] = table(header, rows).split('\n');
  const body = results.flatMap((result, index) => [
    paint(terminal, result.differences.length === 0 ? 'green' : 'red', lines[index] ?? ''),
    ...result.differences.map((text) => `    ${golden}:${result.line} ${printable(text, 1000)}`),
  ]);
  return [paint(terminal, 'bold', pack), paint(terminal, 'dim', head), ...body, count(results)].join('\n');
}

function count(results: readonly GoldenResult[]): string {
  const failed = results.filter(({ differences }) => differences.length > 0).length;
  return `  ${results.length - failed} passed, ${failed} failed`;
}

function asJson(tested: readonly Tested[]) {
  const packs = tested.map(({ pack, golden, results }) => ({
    pack,
    golden,
    ok: results.every(({ differences }) => differences.length === 0),
    cases: results.map((result) => ({ ...result, ok: result.differences.length === 0 })),
  }));
  return { ok: packs.every(({ ok }) => ok), packs };
}

function conclude(tested: readonly Tested[]): void {
  const all = tested.flatMap(({ results }) => results);
  const failed = all.filter(({ differences }) => differences.length > 0).length;
  if (failed === 0) return;
  throw new CliError(`${failed} of ${all.length} cases failed`, { exitCode: EXIT.check });
}
