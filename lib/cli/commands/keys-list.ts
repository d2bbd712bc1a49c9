import type { Command } from 'commander';
import type { AppKey } from '#core/ports.ts';
import { printable } from '#local/printable.ts';
import { stateOf } from '../key-state.ts';
import { addKeyStoreOptions, type KeyStoreOptions, withKeyStore } from '../key-store.ts';
import { table } from '../table.ts';
import type { Terminal } from '../terminal.ts';

interface Options extends KeyStoreOptions {
  readonly json?: boolean;
}

export function addKeysList(keys: Command, terminal: Terminal): void {
  addKeyStoreOptions(keys.command('list').description('list app keys: ids and first characters, never keys'))
    .option('--json', 'one JSON object per line')
    .action(async (options: Options) => {
      const found = await withKeyStore(options, terminal, ({ admin }) => admin.listKeys());
      const sorted = found.sort((a, b) => a.createdAt.localeCompare(b.createdAt));
      if (options.json) for (const key of sorted) terminal.out(JSON.stringify(key));
      else if (sorted.length > 0) terminal.out(asTable(sorted));
      else terminal.err('There are no app keys. Create one with: kt keys create --app <id>');
    });
}

function asTable(found: readonly AppKey[]): string {
  const rows = found.map((key) => [
    key.id,
    `${key.prefix}…`,
    key.appId,
    printable(key.name, 40),
    key.createdAt.slice(0, 10),
    key.lastUsedAt?.slice(0, 16) ?? '',
    stateOf(key),
  ]);
  return table(['id', 'key', 'app', 'name', 'created', 'last used', 'state'], rows);
}
