import type { Command } from 'commander';
import { CliError } from '../cli-error.ts';
import { tokenAct } from '../key-act.ts';
import { addKeyStoreOptions, type KeyStore, type KeyStoreOptions, withKeyStore } from '../key-store.ts';
import { wallClock } from '../source-options.ts';
import type { Terminal } from '../terminal.ts';

export function addTokensRevoke(tokens: Command, terminal: Terminal): void {
  addKeyStoreOptions(tokens.command('revoke').description('stop a console or gateway token from working'))
    .argument('<id>', 'token_… from kt tokens list')
    .action((id: string, options: KeyStoreOptions) =>
      withKeyStore(options, terminal, async (store) => {
        await revoke(id, store);
        terminal.out(`${id} is revoked; it stops working ${store.takesEffect}.`);
      }),
    );
}

async function revoke(id: string, store: KeyStore): Promise<void> {
  const { admin, place } = store;
  const token = (await admin.listTokens()).find((candidate) => candidate.id === id);
  if (!token) throw new CliError(`There is no token ${id} in ${place}. See: kt tokens list`);
  const act = await tokenAct(store, token, { type: 'token.revoked', route: 'kt tokens revoke' });
  await admin.revokeToken(id, new Date(wallClock.now()).toISOString(), act);
}
