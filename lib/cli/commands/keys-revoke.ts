import type { Command } from 'commander';
import { CliError } from '../cli-error.ts';
import { keyAct } from '../key-act.ts';
import { addKeyStoreOptions, type KeyStore, type KeyStoreOptions, withKeyStore } from '../key-store.ts';
import { wallClock } from '../source-options.ts';
import type { Terminal } from '../terminal.ts';

export function addKeysRevoke(keys: Command, terminal: Terminal): void {
  addKeyStoreOptions(keys.command('revoke').description('stop an app key from working'))
    .argument('<id>', 'key_… from kt keys list')
    .action((id: string, options: KeyStoreOptions) =>
      withKeyStore(options, terminal, async (store) => {
        await revoke(id, store);
        terminal.out(`${id} is revoked; it stops working ${store.takesEffect}.`);
      }),
    );
}

async function revoke(id: string, store: KeyStore): Promise<void> {
  const { admin, place } = store;
  const key = (await admin.listKeys()).find((candidate) => candidate.id === id);
  if (!key) throw new CliError(`There is no key ${id} in ${place}. See: kt keys list`);
  const at = new Date(wallClock.now()).toISOString();
  await admin.revokeKey(id, at, await keyAct(store, key, { type: 'key.revoked', route: 'kt keys revoke' }));
}
