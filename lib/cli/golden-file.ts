import { type GoldenCase, readGolden } from '#core/pack/golden-file.ts';
import type { Problem } from '#core/pack/pack.ts';
import { catalogue } from '#policies/catalogue.ts';
import { readTextFile } from './pack-file.ts';
import type { Terminal } from './terminal.ts';

const GOLDEN = /\.golden(\.ya?ml)$/;

/** `packs/dify.golden.yaml` → true. */
export function isGoldenFile(file: string): boolean {
  return GOLDEN.test(file);
}

/** The pack a golden file belongs to; a pack is its own. */
export function packOfGolden(file: string): string {
  return file.replace(GOLDEN, '$1');
}

/** The golden file beside a pack: `packs/dify.yaml` → `packs/dify.golden.yaml`. */
export function goldenOfPack(file: string): string {
  return file.replace(/(?:\.ya?ml)?$/, (ending) => `.golden${ending || '.yaml'}`);
}

/** The cases of a golden file, or what is wrong with it. */
export async function readGoldenFile(
  file: string,
  terminal: Pick<Terminal, 'cwd'>,
): Promise<{ readonly cases: GoldenCase[] } | { readonly problems: Problem[] }> {
  const absent = `There is no file ${file}. It holds the golden cases of ${packOfGolden(file)}: see "Golden cases" in docs/cli.md.`;
  return readGolden(await readTextFile(file, terminal, absent), file, catalogue);
}
