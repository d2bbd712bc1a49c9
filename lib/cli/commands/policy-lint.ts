import type { Command } from 'commander';
import type { Compiled } from '#core/pack/compile.ts';
import { showProblem } from '#core/pack/pack.ts';
import { CliError } from '../cli-error.ts';
import { compilePackFile, PACK_FILE } from '../pack-file.ts';
import { paint, type Terminal } from '../terminal.ts';

interface Options {
  readonly file?: string[];
  readonly json?: boolean;
}

interface Linted {
  readonly file: string;
  readonly compiled: Compiled;
}

const EXAMPLES = `
Examples:
  kt policy lint policy-config.yaml
  kt policy lint policies/packs/*.yaml --json

Each problem is one line: <file>:<line> <path>: <what to do> [<code>]
  E001 unknown kind   E002 unknown key   E003 wrong type or value
  E004 missing key    E005 not YAML      E006 inconsistent`;

export function addPolicyLint(policy: Command, terminal: Terminal): void {
  policy
    .command('lint')
    .description('check policy packs; ends with 1 when there is a problem')
    .argument('[file...]', `packs to check (default: ${PACK_FILE})`)
    .option('--file <file...>', 'the same as the argument')
    .option('--json', 'one JSON document for all files')
    .addHelpText('after', EXAMPLES)
    .action(async (named: string[], options: Options) => {
      const files = [...named, ...(options.file ?? [])];
      const linted = await lintAll(files.length > 0 ? files : [PACK_FILE], terminal);
      if (options.json) terminal.out(JSON.stringify(asJson(linted), null, 2));
      else showAll(linted, terminal);
      if (linted.some(({ compiled }) => 'problems' in compiled)) throw new CliError('');
    });
}

async function lintAll(files: readonly string[], terminal: Terminal): Promise<Linted[]> {
  const linted: Linted[] = [];
  for (const file of files) linted.push({ file, compiled: await compilePackFile(file, terminal) });
  return linted;
}

function showAll(linted: readonly Linted[], terminal: Terminal): void {
  let problems = 0;
  for (const { file, compiled } of linted) {
    if ('problems' in compiled) {
      problems += compiled.problems.length;
      for (const problem of compiled.problems) terminal.out(showProblem(problem));
    } else {
      const { name, version, hash, chain } = compiled.pack;
      const ok = paint(terminal, 'green', 'ok');
      terminal.out(`${file}: ${ok}  ${name}@${version}  ${chain.length} policies  ${hash.slice(0, 12)}`);
    }
  }
  if (problems > 0)
    terminal.err(paint(terminal, 'red', problems === 1 ? '1 problem' : `${problems} problems`));
}

function asJson(linted: readonly Linted[]) {
  const files = linted.map(({ file, compiled }) => {
    if ('problems' in compiled) return { file, ok: false, problems: compiled.problems };
    const { name, version, hash, chain } = compiled.pack;
    return {
      file,
      ok: true,
      problems: [],
      pack: { name, version, hash, chain: chain.map(({ kind }) => kind) },
    };
  });
  return { ok: files.every(({ ok }) => ok), files };
}
