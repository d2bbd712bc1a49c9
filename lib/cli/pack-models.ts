import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { modelNames } from '#core/pack/model-names.ts';
import { loadPack, PACK_FILE } from './pack-file.ts';
import type { Terminal } from './terminal.ts';

/** What calls may ask the pack of a file for. */
export async function modelsOf(file: string, terminal: Terminal): Promise<readonly string[]> {
  return modelNames(await loadPack(file, terminal));
}

/** The models of the pack that lies where `kt` runs, or undefined. */
export async function modelsHere(terminal: Terminal): Promise<readonly string[] | undefined> {
  const found = await stat(resolve(terminal.cwd, PACK_FILE)).catch(() => undefined);
  return found && modelsOf(PACK_FILE, terminal);
}
