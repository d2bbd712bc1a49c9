import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type Compiled, compileLayers, type PackDefaults, type PackLayer } from '#core/pack/compile.ts';
import { type Pack, type Problem, showProblem } from '#core/pack/pack.ts';
import { catalogue } from '#policies/catalogue.ts';
import { CliError, systemCode } from './cli-error.ts';
import type { Terminal } from './terminal.ts';

/** The name `kt init` gives and every command looks for when none is named. */
export const PACK_FILE = 'policy-config.yaml';
const MAX_BYTES = 1024 * 1024;

/** Compiles a pack file; `file` is relative to where `kt` runs, and named so in every message. */
export function compilePackFile(file: string, terminal: Pick<Terminal, 'cwd'>): Promise<Compiled> {
  return compilePackFiles([file], terminal);
}

/** Compiles files of which a later one overrides an earlier one. */
export async function compilePackFiles(
  [first, ...rest]: PackFiles,
  terminal: Pick<Terminal, 'cwd'>,
  defaults: PackDefaults = {},
): Promise<Compiled> {
  const lowest = await readLayer(first, terminal);
  const upper = await Promise.all(rest.map((file) => readLayer(file, terminal)));
  return compileLayers([lowest, ...upper], catalogue, defaults);
}

/** At least one, the last one wins. */
export type PackFiles = readonly [string, ...string[]];

async function readLayer(file: string, terminal: Pick<Terminal, 'cwd'>): Promise<PackLayer> {
  return { file, text: await readPackText(file, terminal) };
}

/** The pack of a file, or a CliError that shows every problem. */
export async function loadPack(file: string, terminal: Pick<Terminal, 'cwd'>): Promise<Pack> {
  return packOf(await compilePackFile(file, terminal));
}

/** The pack, or a CliError that shows every problem. */
export function packOf(compiled: Compiled): Pack {
  if ('pack' in compiled) return compiled.pack;
  throw new CliError(showProblems(compiled.problems));
}

/** One line per problem, then how many there are. */
export function showProblems(problems: readonly Problem[]): string {
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  return [...problems.map(showProblem), count].join('\n');
}

function readPackText(file: string, terminal: Pick<Terminal, 'cwd'>): Promise<string> {
  return readTextFile(file, terminal, `There is no file ${file}. Begin one with: kt init`);
}

/** The text of a file of at most 1 MB; `absent` is what to say when there is none. */
export async function readTextFile(
  file: string,
  { cwd }: Pick<Terminal, 'cwd'>,
  absent: string,
): Promise<string> {
  const path = resolve(cwd, file);
  try {
    if ((await stat(path)).size > MAX_BYTES)
      throw new CliError(`${file} is larger than 1 MB: that is too much.`);
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof CliError) throw error;
    throw new CliError(systemCode(error) === 'ENOENT' ? absent : whyNot(file, error), { cause: error });
  }
}

function whyNot(file: string, error: unknown): string {
  const code = systemCode(error);
  if (code === 'EISDIR') return `${file} is a folder. Name the file: ${file}/${PACK_FILE}`;
  return `Cannot read ${file} (${code ?? String(error)}).`;
}
