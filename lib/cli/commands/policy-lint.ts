import type { Command } from 'commander';
import { type Pack, type Problem, showProblem } from '#core/pack/pack.ts';
import { CliError } from '../cli-error.ts';
import { isGoldenFile, readGoldenFile } from '../golden-file.ts';
import { compilePackFile, compilePackFiles, PACK_FILE, type PackFiles } from '../pack-file.ts';
import { paint, type Terminal } from '../terminal.ts';

interface Options {
  readonly file?: string[];
  readonly layered?: boolean;
  readonly json?: boolean;
}

/** A file without problems says so in a few words. */
interface Linted {
  readonly file: string;
  readonly problems: readonly Problem[];
  readonly pack?: Pick<Pack, 'name' | 'version' | 'hash' | 'chain'>;
  readonly cases?: number;
}

const EXAMPLES = `
Examples:
  kt policy lint policy-config.yaml
  kt policy lint --layered base.yaml team.yaml   as kt gateway run reads them
  kt policy lint policies/packs/*.yaml --json    golden files as well

Each problem is one line: <file>:<line> <path>: <what to do> [<code>]
  E001 unknown kind   E002 unknown key   E003 wrong type or value
  E004 missing key    E005 not YAML      E006 inconsistent`;

export function addPolicyLint(policy: Command, terminal: Terminal): void {
  policy
    .command('lint')
    .description('check policy packs; ends with 1 when there is a problem')
    .argument('[file...]', `packs to check (default: ${PACK_FILE})`)
    .option('--file <file...>', 'the same as the argument')
    .option('--layered', 'the files are one pack: a later one overrides an earlier one')
    .option('--json', 'one JSON document for all files')
    .addHelpText('after', EXAMPLES)
    .action(async (named: string[], options: Options) => {
      const files = [...named, ...(options.file ?? [])];
      const [first = PACK_FILE, ...rest] = files;
      const linted = options.layered
        ? [await lintLayers([first, ...rest], terminal)]
        : await lintAll([first, ...rest], terminal);
      if (options.json) terminal.out(JSON.stringify(asJson(linted), null, 2));
      else showAll(linted, terminal);
      if (linted.some(({ problems }) => problems.length > 0)) throw new CliError('');
    });
}

async function lintAll(files: readonly string[], terminal: Terminal): Promise<Linted[]> {
  const linted: Linted[] = [];
  for (const file of new Set(files)) linted.push(await lint(file, terminal));
  return linted;
}

async function lintLayers(files: PackFiles, terminal: Terminal): Promise<Linted> {
  const compiled = await compilePackFiles(files, terminal);
  return { file: files.join(' + '), problems: [], ...compiled };
}

async function lint(file: string, terminal: Terminal): Promise<Linted> {
  if (isGoldenFile(file)) {
    const read = await readGoldenFile(file, terminal);
    return 'problems' in read ? { file, ...read } : { file, problems: [], cases: read.cases.length };
  }
  const compiled = await compilePackFile(file, terminal);
  return 'problems' in compiled ? { file, ...compiled } : { file, problems: [], ...compiled };
}

function showAll(linted: readonly Linted[], terminal: Terminal): void {
  const ok = paint(terminal, 'green', 'ok');
  for (const { file, problems, ...found } of linted) {
    if (problems.length > 0) terminal.out(problems.map(showProblem).join('\n'));
    else terminal.out(`${file}: ${ok}  ${summary(found)}`);
  }
  const count = linted.reduce((sum, { problems }) => sum + problems.length, 0);
  if (count > 0) terminal.err(paint(terminal, 'red', count === 1 ? '1 problem' : `${count} problems`));
}

function summary({ pack, cases }: Pick<Linted, 'pack' | 'cases'>): string {
  if (!pack) return cases === 1 ? '1 case' : `${cases} cases`;
  return `${pack.name}@${pack.version}  ${pack.chain.length} policies  ${pack.hash.slice(0, 12)}`;
}

function asJson(linted: readonly Linted[]) {
  const files = linted.map(({ file, problems, pack, cases }) => ({
    file,
    ok: problems.length === 0,
    problems,
    ...(pack ? { pack: { ...nameOf(pack), chain: pack.chain.map(({ kind }) => kind) } } : {}),
    ...(cases === undefined ? {} : { cases }),
  }));
  return { ok: files.every(({ ok }) => ok), files };
}

function nameOf({ name, version, hash }: Pick<Pack, 'name' | 'version' | 'hash'>) {
  return { name, version, hash };
}
