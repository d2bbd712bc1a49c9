import type { Command } from 'commander';
import { keyAct } from '../key-act.ts';
import { addRevoke } from '../revoke-command.ts';
import type { Terminal } from '../terminal.ts';

const ACT = { type: 'key.revoked', route: 'kt keys revoke' } as const;

export function addKeysRevoke(keys: Command, terminal: Terminal): void {
  addRevoke(keys, terminal, {
    kind: 'key',
    description: 'stop an app key from working',
    list: ({ admin }) => admin.listKeys(),
    revoke: async (store, key, at) => store.admin.revokeKey(key.id, at, await keyAct(store, key, ACT)),
  });
}
