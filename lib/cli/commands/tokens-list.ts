import type { Command } from 'commander';
import type { ListedToken } from '#core/ports.ts';
import { printable } from '#local/printable.ts';
import { scopeOf } from '../key-act.ts';
import { stateOf } from '../key-state.ts';
import { addKeyStoreOptions, type KeyStoreOptions, withKeyStore } from '../key-store.ts';
import { table } from '../table.ts';
import type { Terminal } from '../terminal.ts';

interface Options extends KeyStoreOptions {
  readonly json?: boolean;
}

export function addTokensList(tokens: Command, terminal: Terminal): void {
  const command = tokens
    .command('list')
    .description('list console and gateway tokens: ids and first characters, never tokens');
  addKeyStoreOptions(command)
    .option('--json', 'one JSON object per line')
    .action(async (options: Options) => {
      const found = await withKeyStore(options, terminal, ({ admin }) => admin.listTokens());
      const sorted = found.sort((a, b) => (a.createdAt ?? '').localeCompare(b.createdAt ?? ''));
      if (options.json) for (const token of sorted) terminal.out(JSON.stringify(token));
      else if (sorted.length > 0) terminal.out(asTable(sorted));
      else terminal.err('There are no tokens. Create one with: kt tokens create --role viewer --name <who>');
    });
}

function asTable(found: readonly ListedToken[]): string {
  const rows = found.map((token) => [
    token.id,
    token.prefix === undefined ? '' : `${token.prefix}…`,
    printable(scopeOf(token), 40),
    printable(token.subject, 40),
    token.createdAt?.slice(0, 10) ?? '',
    token.lastUsedAt?.slice(0, 16) ?? '',
    stateOf(token),
  ]);
  return table(['id', 'token', 'role', 'who', 'created', 'last used', 'state'], rows);
}
