import type { Command } from 'commander';
import { printable } from '#local/printable.ts';
import { addKeyStoreOptions, type KeyStoreOptions, withKeyStore } from '../key-store.ts';
import { budgetText } from '../money-options.ts';
import { table } from '../table.ts';
import type { Terminal } from '../terminal.ts';

interface Options extends KeyStoreOptions {
  readonly json?: boolean;
}

export function addAppsList(apps: Command, terminal: Terminal): void {
  addKeyStoreOptions(apps.command('list').description('list apps with their budgets'))
    .option('--json', 'one JSON object per line')
    .action(async (options: Options) => {
      const found = await withKeyStore(options, terminal, ({ admin }) => admin.listApps());
      const sorted = found.sort((a, b) => (a.id < b.id ? -1 : 1));
      const rows = sorted.map((app) => [
        app.id,
        printable(app.name, 40),
        printable(app.costCenter ?? '', 30),
        budgetText(app.budget),
        printable(app.models?.join(',') ?? 'all', 60),
      ]);
      if (options.json) for (const app of sorted) terminal.out(JSON.stringify(app));
      else if (rows.length > 0) terminal.out(table(['id', 'name', 'cost center', 'budget', 'models'], rows));
      else terminal.err('There are no apps. Add one with: kt apps create <id>');
    });
}
