import type { Command } from 'commander';
import { tokenAct } from '../key-act.ts';
import { addRevoke } from '../revoke-command.ts';
import type { Terminal } from '../terminal.ts';

const ACT = { type: 'token.revoked', route: 'kt tokens revoke' } as const;

export function addTokensRevoke(tokens: Command, terminal: Terminal): void {
  addRevoke(tokens, terminal, {
    kind: 'token',
    description: 'stop a console or gateway token from working',
    list: ({ admin }) => admin.listTokens(),
    revoke: async (store, token, at) =>
      store.admin.revokeToken(token.id, at, await tokenAct(store, token, ACT)),
  });
}
