import type { Command } from 'commander';
import { CliError } from './cli-error.ts';
import { addKeyStoreOptions, type KeyStore, type KeyStoreOptions, withKeyStore } from './key-store.ts';
import { wallClock } from './source-options.ts';
import type { Terminal } from './terminal.ts';

interface Revocable<T> {
  readonly kind: 'key' | 'token';
  readonly description: string;
  list(store: KeyStore): Promise<readonly T[]>;
  revoke(store: KeyStore, found: T, at: string): Promise<unknown>;
}

/** `kt keys revoke` and `kt tokens revoke`. */
export function addRevoke<T extends { readonly id: string }>(
  family: Command,
  terminal: Terminal,
  { kind, description, list, revoke }: Revocable<T>,
): void {
  const lists = `kt ${kind}s list`;
  addKeyStoreOptions(family.command('revoke').description(description))
    .argument('<id>', `${kind}_… from ${lists}`)
    .action((id: string, options: KeyStoreOptions) =>
      withKeyStore(options, terminal, async (store) => {
        const found = (await list(store)).find((candidate) => candidate.id === id);
        if (!found) throw new CliError(`There is no ${kind} ${id} in ${store.place}. See: ${lists}`);
        await revoke(store, found, new Date(wallClock.now()).toISOString());
        terminal.out(`${id} is revoked; it stops working ${store.takesEffect}.`);
      }),
    );
}
