import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { PackDefaults } from '#core/pack/compile.ts';
import { type Pack, showProblem } from '#core/pack/pack.ts';
import { CliError } from './cli-error.ts';
import { compilePackFiles, type PackFiles, packOf } from './pack-file.ts';
import type { Terminal } from './terminal.ts';

/** The pack in force. Calls take it when they begin, so a call keeps the pack it began with. */
export interface LivePack {
  readonly current: Pack;
  close(): void;
}

export interface LivePackOptions {
  readonly files: PackFiles;
  readonly defaults: PackDefaults;
  readonly terminal: Terminal;
  onChange(pack: Pack): void;
}

const POLL_MS = 500;

/**
 * Compiles the files, or throws a CliError with every problem; then does so again whenever one of them is saved or the system asks
 * (SIGHUP). A pack with problems is told with their lines, and the last good one stays.
 */
export async function openLivePack({
  files,
  defaults,
  terminal,
  onChange,
}: LivePackOptions): Promise<LivePack> {
  let seen = await textsOf(files, terminal);
  let current = packOf(await compilePackFiles(files, terminal, defaults));
  let busy = false;

  async function load(): Promise<void> {
    const compiled = await compilePackFiles(files, terminal, defaults).catch((error: unknown) => {
      if (error instanceof CliError) return { refused: error.message };
      throw error;
    });
    if (!('pack' in compiled)) {
      const why = 'refused' in compiled ? [compiled.refused] : compiled.problems.map(showProblem);
      return terminal.err([...why, `the pack ${nameOf(current)} stays in force`].join('\n'));
    }
    const changed = compiled.pack.hash !== current.hash;
    current = compiled.pack;
    if (changed) onChange(current);
    terminal.err(`pack ${nameOf(current)} is in force${changed ? '' : ', unchanged'}`);
  }
  /** Reading sees every way of saving, also the ones that replace the file. */
  async function look(asked: boolean): Promise<void> {
    if (busy) return;
    busy = true;
    try {
      const found = await textsOf(files, terminal);
      if (asked || found !== seen) await load();
      seen = found;
    } finally {
      busy = false;
    }
  }

  const timer = setInterval(() => void look(false), POLL_MS).unref();
  terminal.onReload(() => void look(true));
  return {
    get current() {
      return current;
    },
    close: () => clearInterval(timer),
  };
}

function nameOf({ name, version, hash }: Pack): string {
  return `${name}@${version} ${hash.slice(0, 12)}`;
}

/** What all files hold; a file that an editor has taken away counts as empty until it is back. */
async function textsOf(files: PackFiles, { cwd }: Terminal): Promise<string> {
  const texts = await Promise.all(files.map((file) => readFile(resolve(cwd, file), 'utf8').catch(() => '')));
  return JSON.stringify(texts);
}
